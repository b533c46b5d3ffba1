//! The definitions and paths in a Rust file.

use anyhow::{Result, anyhow};
use proc_macro2::{Delimiter, Literal, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::visit::{self, Visit};

/// The contents of a file that the layout rules check.
#[derive(Debug, Default)]
pub(super) struct Source {
    /// The lines with the keyword `unsafe`.
    pub(super) unsafe_lines: Vec<usize>,
    /// String literals that contain `../`, and their lines.
    pub(super) outside: Vec<(usize, String)>,
    /// The file's own module.
    pub(super) root: Scope,
}

/// A module: a file, or an inline `mod name { … }`.
#[derive(Debug, Default)]
pub(super) struct Scope {
    /// Whether it is compiled only for tests.
    pub(super) test: bool,
    /// The names of the items defined in the module.
    pub(super) items: Vec<String>,
    /// The names that `use` imports.
    pub(super) imports: Vec<Import>,
    /// The modules imported by `use module::*`.
    pub(super) globs: Vec<Name>,
    pub(super) modules: Vec<Child>,
    /// All paths in the module, including those of `use`.
    pub(super) references: Vec<Reference>,
}

#[derive(Debug)]
pub(super) struct Import {
    pub(super) name: String,
    pub(super) path: Name,
}

/// The segments of a path, without generic arguments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Name {
    /// Whether the path begins with `::`.
    pub(super) external: bool,
    pub(super) segments: Vec<String>,
}

#[derive(Debug)]
pub(super) struct Reference {
    pub(super) line: usize,
    /// Whether it is in code that is compiled only for tests.
    pub(super) test: bool,
    pub(super) path: Name,
}

#[derive(Debug)]
pub(super) struct Child {
    pub(super) name: String,
    pub(super) line: usize,
    /// The value of `#[path = "…"]`.
    pub(super) file: Option<String>,
    /// The contents of an inline module; `None` for `mod name;`.
    pub(super) body: Option<Scope>,
    pub(super) test: bool,
}

pub(super) fn read(text: &str) -> Result<Source> {
    let tokens: TokenStream = text.parse().map_err(|error| anyhow!("{error}"))?;
    let mut source = Source::default();
    source.scan(tokens.clone());
    let file: syn::File =
        syn::parse2(tokens).map_err(|error| anyhow!("line {}: {error}", line(error.span())))?;
    let mut reader = Reader {
        tests: usize::from(only_tests(&file.attrs)),
        ..Reader::default()
    };
    reader.scope.test = reader.tests > 0;
    reader.visit_file(&file);
    source.root = reader.scope;
    Ok(source)
}

impl Source {
    /// Searches all tokens, including those in macros.
    fn scan(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.scan(group.stream()),
                TokenTree::Ident(word) if word == "unsafe" => {
                    self.unsafe_lines.push(line(word.span()));
                }
                TokenTree::Literal(literal) => {
                    let text = string(&literal).filter(|text| text.contains("../"));
                    self.outside
                        .extend(text.map(|text| (line(literal.span()), text)));
                }
                _ => {}
            }
        }
    }
}

#[derive(Default)]
struct Reader {
    scope: Scope,
    /// The number of enclosing items that are compiled only for tests.
    tests: usize,
    /// The number of enclosing blocks; an item in a block is not an item of the
    /// module.
    blocks: usize,
}

impl Reader {
    fn refer(&mut self, line: usize, path: Name) {
        let test = self.tests > 0;
        self.scope.references.push(Reference { line, test, path });
    }

    fn define(&mut self, item: &syn::Item) {
        use syn::Item;
        let name = match item {
            Item::Const(item) => &item.ident,
            Item::Enum(item) => &item.ident,
            Item::Fn(item) => &item.sig.ident,
            Item::Static(item) => &item.ident,
            Item::Struct(item) => &item.ident,
            Item::Trait(item) => &item.ident,
            Item::TraitAlias(item) => &item.ident,
            Item::Type(item) => &item.ident,
            Item::Union(item) => &item.ident,
            Item::Macro(syn::ItemMacro {
                ident: Some(name), ..
            }) => name,
            _ => return,
        };
        self.scope.items.push(name.unraw().to_string());
    }

    fn import(&mut self, tree: &syn::UseTree, before: &Name) {
        use syn::UseTree;
        match tree {
            UseTree::Path(tree) => self.import(&tree.tree, &before.then(&tree.ident)),
            UseTree::Group(tree) => {
                for tree in &tree.items {
                    self.import(tree, before);
                }
            }
            UseTree::Name(tree) => self.import_as(&tree.ident, &tree.ident, before),
            UseTree::Rename(tree) => self.import_as(&tree.ident, &tree.rename, before),
            UseTree::Glob(_) => self.scope.globs.push(before.clone()),
        }
    }

    fn import_as(&mut self, ident: &syn::Ident, name: &syn::Ident, before: &Name) {
        let path = if ident == "self" {
            before.clone()
        } else {
            before.then(ident)
        };
        let name = if name == "self" {
            path.segments.last().cloned().unwrap_or_default()
        } else {
            name.unraw().to_string()
        };
        self.refer(line(ident.span()), path.clone());
        self.scope.imports.push(Import { name, path });
    }

    /// Adds the paths in the tokens of a macro or an attribute, each prefixed
    /// with the segments `before`. Single names are skipped, because they may
    /// be anything.
    fn paths(&mut self, tokens: TokenStream, before: &Name) {
        let tokens: Vec<_> = tokens.into_iter().collect();
        let mut index = 0;
        while let Some(token) = tokens.get(index) {
            match token {
                TokenTree::Group(group) => self.paths(group.stream(), &Name::default()),
                TokenTree::Ident(_) if !begins_path(&tokens, index) => {}
                TokenTree::Ident(word) => {
                    let mut path = before.then(word);
                    while let Some(segment) = after_colons(&tokens, index) {
                        index += 3;
                        match segment {
                            TokenTree::Ident(word) => path = path.then(word),
                            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                                self.paths(group.stream(), &path);
                                break;
                            }
                            _ => break,
                        }
                    }
                    if path.segments.len() > 1 {
                        self.refer(line(word.span()), path);
                    }
                }
                _ => {}
            }
            index += 1;
        }
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        let test = usize::from(only_tests(attributes(item)));
        self.tests += test;
        if self.blocks == 0 {
            self.define(item);
        }
        visit::visit_item(self, item);
        self.tests -= test;
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let test = self.tests > 0;
        let body = item.content.as_ref().map(|(_, items)| {
            let outer = core::mem::take(&mut self.scope);
            let blocks = core::mem::take(&mut self.blocks);
            items.iter().for_each(|item| self.visit_item(item));
            self.blocks = blocks;
            let mut inner = core::mem::replace(&mut self.scope, outer);
            inner.test = test;
            inner
        });
        self.scope.modules.push(Child {
            name: item.ident.unraw().to_string(),
            line: line(item.ident.span()),
            file: path_attribute(&item.attrs),
            body,
            test,
        });
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let external = item.leading_colon.is_some();
        let start = Name {
            external,
            ..Name::default()
        };
        self.import(&item.tree, &start);
    }

    fn visit_item_extern_crate(&mut self, item: &'ast syn::ItemExternCrate) {
        let name = item.rename.as_ref().map_or(&item.ident, |(_, name)| name);
        let start = Name {
            external: true,
            ..Name::default()
        };
        self.import_as(&item.ident, name, &start);
    }

    fn visit_block(&mut self, block: &'ast syn::Block) {
        self.blocks += 1;
        visit::visit_block(self, block);
        self.blocks -= 1;
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if let Some(first) = path.segments.first() {
            self.refer(line(first.ident.span()), Name::of(path));
        }
        visit::visit_path(self, path);
    }

    /// The path in `pub(in path)` is not a use.
    fn visit_vis_restricted(&mut self, _: &'ast syn::VisRestricted) {}

    fn visit_token_stream(&mut self, tokens: &'ast TokenStream) {
        self.paths(tokens.clone(), &Name::default());
    }

    /// serde and clap also accept paths as strings: `with = "crate::a::b"`.
    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        visit::visit_attribute(self, attribute);
        if let syn::Meta::List(list) = &attribute.meta {
            for token in list.tokens.clone() {
                let TokenTree::Literal(literal) = token else {
                    continue;
                };
                let text = string(&literal).unwrap_or_default();
                if let Ok(path) = syn::parse_str(&text) {
                    self.refer(line(literal.span()), Name::of(&path));
                }
            }
        }
    }
}

impl Name {
    fn of(path: &syn::Path) -> Self {
        let segments = path.segments.iter();
        Self {
            external: path.leading_colon.is_some(),
            segments: segments
                .map(|part| part.ident.unraw().to_string())
                .collect(),
        }
    }

    fn then(&self, segment: &syn::Ident) -> Self {
        let mut next = self.clone();
        next.segments.push(segment.unraw().to_string());
        next
    }
}

/// Whether the identifier at `index` can be the first segment of a path, and is
/// not a field, a macro variable, a lifetime or a later segment.
fn begins_path(tokens: &[TokenTree], index: usize) -> bool {
    let before = index.checked_sub(1).and_then(|index| tokens.get(index));
    let crate_of_macro = matches!(&tokens[index], TokenTree::Ident(word) if word == "crate");
    match before {
        Some(TokenTree::Punct(mark)) => match mark.as_char() {
            '.' | '\'' => false,
            '$' => crate_of_macro,
            ':' => {
                let second = index.checked_sub(2).and_then(|index| tokens.get(index));
                !matches!(second, Some(TokenTree::Punct(mark)) if mark.as_char() == ':')
            }
            _ => true,
        },
        Some(TokenTree::Ident(word)) => word != "as",
        _ => true,
    }
}

/// The token after the `::` that follows `index`.
fn after_colons(tokens: &[TokenTree], index: usize) -> Option<&TokenTree> {
    let colon =
        |at: usize| matches!(tokens.get(at), Some(TokenTree::Punct(mark)) if mark.as_char() == ':');
    (colon(index + 1) && colon(index + 2)).then(|| tokens.get(index + 3))?
}

fn attributes(item: &syn::Item) -> &[syn::Attribute] {
    use syn::Item;
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::ExternCrate(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::ForeignMod(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::TraitAlias(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// Whether `#[cfg(test)]` or `#[cfg(all(test, …))]` is among the attributes.
fn only_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute
                .parse_args()
                .is_ok_and(|condition: syn::Meta| needs_test(&condition))
    })
}

fn needs_test(condition: &syn::Meta) -> bool {
    use syn::punctuated::Punctuated;
    match condition {
        syn::Meta::Path(path) => path.is_ident("test"),
        syn::Meta::List(list) if list.path.is_ident("all") => list
            .parse_args_with(Punctuated::<syn::Meta, syn::Token![,]>::parse_terminated)
            .is_ok_and(|parts| parts.iter().any(needs_test)),
        _ => false,
    }
}

fn path_attribute(attributes: &[syn::Attribute]) -> Option<String> {
    attributes
        .iter()
        .find_map(|attribute| match &attribute.meta {
            syn::Meta::NameValue(pair) if pair.path.is_ident("path") => match &pair.value {
                syn::Expr::Lit(syn::ExprLit {
                    lit: syn::Lit::Str(text),
                    ..
                }) => Some(text.value()),
                _ => None,
            },
            _ => None,
        })
}

fn string(literal: &Literal) -> Option<String> {
    match syn::Lit::new(literal.clone()) {
        syn::Lit::Str(text) => Some(text.value()),
        _ => None,
    }
}

fn line(span: proc_macro2::Span) -> usize {
    span.start().line
}
