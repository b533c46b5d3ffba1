use serde_json::{Map, Value};

use super::scene::Scene;

/// A document as served.
pub(super) struct Document {
    pub(super) json: Value,
}

/// A method and its path.
#[derive(Debug)]
pub(super) struct Operation {
    method: String,
    path: String,
}

impl Operation {
    /// Whether a request is for this operation.
    pub(super) fn is_of(&self, method: &str, path: &str) -> bool {
        let fixed = self.path.split('{').next().unwrap_or_default();
        let is_path = match fixed == self.path {
            true => path == fixed,
            false => path.starts_with(fixed) && path.len() > fixed.len(),
        };
        is_path && self.method.eq_ignore_ascii_case(method)
    }
}

impl Document {
    pub(super) fn fetch(scene: &Scene, name: &str) -> Self {
        Self {
            json: scene.get(&format!("/openapi/{name}")),
        }
    }

    pub(super) fn operations(&self) -> Vec<Operation> {
        let paths = self.json["paths"].as_object().unwrap();
        let of_path = |(path, item): (&String, &Value)| {
            let methods: Vec<_> = item.as_object().unwrap().keys().cloned().collect();
            let path = path.clone();
            methods.into_iter().map(move |method| Operation {
                method,
                path: path.clone(),
            })
        };
        paths.iter().flat_map(of_path).collect()
    }

    /// Sets currently valid values in an operation's examples: in its
    /// parameters of these names, and in the fields of these names in the
    /// examples of its body.
    pub(super) fn set(&mut self, path: &str, method: &str, live: &Value) {
        let live = live.as_object().unwrap();
        let parameters = self.parameters(path, method, live);
        let operation = &mut self.json["paths"][path][method];
        assert!(operation.is_object(), "{method} {path}");
        if !parameters.is_empty() {
            operation["parameters"] = parameters.into();
        }
        let content = operation.pointer_mut("/requestBody/content");
        let Some(content) = content.and_then(Value::as_object_mut) else {
            return;
        };
        for media in content.values_mut() {
            if let Some(example) = media.get_mut("example") {
                replace(example, live);
            }
            if let Some(examples) = media.get_mut("examples") {
                for example in examples.as_object_mut().unwrap().values_mut() {
                    replace(&mut example["value"], live);
                }
            }
        }
    }

    fn parameters(&self, path: &str, method: &str, live: &Map<String, Value>) -> Vec<Value> {
        let Some(parameters) = self.json["paths"][path][method]["parameters"].as_array() else {
            return Vec::new();
        };
        let with_value = |parameter: &Value| {
            let reference = parameter["$ref"].as_str().unwrap();
            let mut parameter = self.json.pointer(&reference[1..]).unwrap().clone();
            if let Some(value) = live.get(parameter["name"].as_str().unwrap()) {
                parameter["example"] = value.clone();
            }
            parameter
        };
        parameters.iter().map(with_value).collect()
    }
}

fn replace(example: &mut Value, live: &Map<String, Value>) {
    for (name, value) in example.as_object_mut().unwrap() {
        if let Some(live) = live.get(name) {
            *value = live.clone();
        }
    }
}
