//! Settings as values of fields.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::convert::FieldValue;
use super::refused::Refused;
use super::table::{Field, Group, Kind};
use super::value::Value;
use crate::Error;

/// The fields of a group that were set. Fields that are not set have their
/// defaults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Values {
    group: Group,
    /// In the order of the fields.
    values: Vec<(Field, Value)>,
}

/// A settings struct that converts from and to [`Values`].
pub trait Settings: Sized {
    /// The group of the struct's fields.
    const GROUP: Group;

    /// Replaces the members whose fields are set and keeps the others.
    ///
    /// # Errors
    /// [`Refused`] with the field whose value was not accepted.
    fn apply(&mut self, values: &Values) -> Result<(), Refused>;

    /// Creates settings from values; fields that are not set have their defaults.
    ///
    /// # Errors
    /// [`Refused`] with the field that is missing, not accepted, or invalid in
    /// combination with others.
    fn from_values(values: &Values) -> Result<Self, Refused>;

    /// The values of all fields, including defaults; absent optional fields are
    /// not set.
    fn to_values(&self) -> Values;
}

impl Values {
    /// Values of a group without any field set.
    #[must_use]
    pub const fn new(group: Group) -> Self {
        Self {
            group,
            values: Vec::new(),
        }
    }

    /// The group of the fields.
    #[must_use]
    pub const fn group(&self) -> Group {
        self.group
    }

    /// Sets a field.
    ///
    /// # Errors
    /// [`Error::UnknownSetting`] for a field that is not in the group,
    /// [`Error::InvalidSetting`] for a value of another type, the field's own
    /// error for a value that is out of range or malformed.
    pub fn set(&mut self, field: Field, value: Value) -> Result<(), Refused> {
        self.check_field(field)?;
        field.check(&value)?;
        self.replace(field, value);
        Ok(())
    }

    /// Where a field is, or where it would be.
    fn at(&self, field: Field) -> Result<usize, usize> {
        self.values.binary_search_by_key(&field, |(held, _)| *held)
    }

    fn replace(&mut self, field: Field, value: Value) {
        match self.at(field) {
            Ok(at) => self.values[at].1 = value,
            Err(at) => self.values.insert(at, (field, value)),
        }
    }

    fn remove(&mut self, field: Field) {
        if let Ok(at) = self.at(field) {
            self.values.remove(at);
        }
    }

    /// Adds one member to a field that is a list or a map: a text, a number, or a
    /// map of the entries to add. The first member replaces the default.
    ///
    /// # Errors
    /// As [`Self::set`]; [`Error::InvalidLanguageTag`] for an entry whose tag the
    /// map already has.
    pub fn add(&mut self, field: Field, member: Value) -> Result<(), Refused> {
        self.check_field(field)?;
        let added = match member {
            Value::Text(text) => Value::Texts(alloc::vec![text]),
            Value::Number(number) => Value::Numbers(alloc::vec![number]),
            Value::Map(entries) => return self.add_entries(field, entries),
            member => return Err(Refused::value(field, Error::InvalidSetting, &member)),
        };
        // The members of a list are independent, so only the new one is checked.
        field.check(&added)?;
        let held = self.at(field).ok().map(|at| &mut self.values[at].1);
        match (held, added) {
            (Some(Value::Texts(texts)), Value::Texts(added)) => texts.extend(added),
            (Some(Value::Numbers(numbers)), Value::Numbers(added)) => numbers.extend(added),
            (_, added) => self.replace(field, added),
        }
        Ok(())
    }

    /// Adds entries to a map, which is checked as a whole: it has a maximum
    /// length, and tags that differ in case only are the same.
    fn add_entries(
        &mut self,
        field: Field,
        mut entries: BTreeMap<String, String>,
    ) -> Result<(), Refused> {
        if let Some(Value::Map(map)) = self.get(field) {
            if entries.keys().any(|tag| map.contains_key(tag)) {
                return Err(Refused::field(field, Error::InvalidLanguageTag));
            }
            entries.extend(map.clone());
        }
        self.set(field, Value::Map(entries))
    }

    /// Sets a list or map to an empty one, whatever its default is.
    ///
    /// # Errors
    /// As [`Self::set`]: [`Error::InvalidSetting`] for a field that is not a
    /// list or map.
    pub fn set_empty(&mut self, field: Field) -> Result<(), Refused> {
        let empty = match field.description().kind {
            Kind::Numbers => Value::Numbers(Vec::new()),
            Kind::Texts => Value::Texts(Vec::new()),
            Kind::Map => Value::Map(BTreeMap::new()),
            _ => return Err(Refused::field(field, Error::InvalidSetting)),
        };
        self.set(field, empty)
    }

    /// Resets a field to its default.
    ///
    /// # Errors
    /// [`Error::UnknownSetting`] for a field that is not in the group.
    pub fn clear(&mut self, field: Field) -> Result<(), Refused> {
        self.check_field(field)?;
        self.remove(field);
        Ok(())
    }

    /// The value of a field, if it was set.
    #[must_use]
    pub fn get(&self, field: Field) -> Option<&Value> {
        self.at(field).ok().map(|at| &self.values[at].1)
    }

    /// The fields that were set, in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (Field, &Value)> {
        self.values.iter().map(|(field, value)| (*field, value))
    }

    /// The value of a field as the Rust type of a settings struct, if it was
    /// set.
    ///
    /// # Errors
    /// As [`FieldValue::from_value`], with the field.
    pub fn read<T: FieldValue>(&self, field: Field) -> Result<Option<T>, Refused> {
        let Some(value) = self.get(field) else {
            return Ok(None);
        };
        let read = T::from_value(value);
        read.map(Some)
            .map_err(|error| Refused::value(field, error, value))
    }

    /// The name, which is required because it has no default.
    pub(in crate::service) fn name(&self) -> Result<String, Refused> {
        self.check_field(Field::Name)?;
        let missing = Refused::field(Field::Name, Error::InvalidName);
        self.read(Field::Name)?.ok_or(missing)
    }

    /// Sets a field from a member of a settings struct, without checks.
    pub(in crate::service) fn put<T: FieldValue>(&mut self, field: Field, value: &T) {
        if let Some(value) = value.to_value() {
            self.replace(field, value);
        }
    }

    /// Sets a field to a text, without checks.
    pub(in crate::service) fn put_text(&mut self, field: Field, text: &str) {
        self.replace(field, Value::Text(text.into()));
    }

    /// Sets the fields of another group, such as a tenant's policy.
    pub(in crate::service) fn put_all(&mut self, other: Self) {
        for (field, value) in other.values {
            self.replace(field, value);
        }
    }

    /// The same values without a name.
    pub(super) fn without_name(mut self) -> Self {
        self.remove(Field::Name);
        self
    }

    /// Checks the type and range of each field that was put without a check.
    pub(in crate::service) fn check_each(&self) -> Result<(), Refused> {
        self.iter()
            .try_for_each(|(field, value)| field.check(value))
    }

    pub(super) fn check_field(&self, field: Field) -> Result<(), Refused> {
        match field.is_of(self.group) {
            true => Ok(()),
            false => Err(Refused::field(field, Error::UnknownSetting)),
        }
    }
}

impl Field {
    /// Checks the type of a value, then its range, then the field's own rules.
    fn check(self, value: &Value) -> Result<(), Refused> {
        let description = self.description();
        let refused = |error| Err(Refused::value(self, error, value));
        let is_within = match (description.kind, value) {
            (
                Kind::Number { least, most } | Kind::Duration { least, most },
                Value::Number(number),
            ) => (least..=most).contains(number),
            (Kind::Choice(names), Value::Text(name)) => names.contains(&name.as_str()),
            (Kind::Bytes { least, most }, Value::Bytes(bytes)) => {
                (least..=most).contains(&bytes.len())
            }
            (Kind::Flag, Value::Flag(_))
            | (Kind::Limit, Value::Limit { .. })
            | (Kind::Text, Value::Text(_))
            | (Kind::Numbers, Value::Numbers(_))
            | (Kind::Texts, Value::Texts(_))
            | (Kind::Map, Value::Map(_)) => true,
            _ => return refused(Error::InvalidSetting),
        };
        if !is_within {
            return refused(description.error);
        }
        (description.check)(value).or_else(refused)
    }
}

/// Implements [`Settings`] for a struct whose members are fields. `$start`
/// returns the defaults, `$finish` checks the settings as a whole, and `$more`
/// adds the values of fields that are not members, such as a tenant's policy.
macro_rules! settings {
    (
        $Struct:ty, $Group:ident, start: $start:expr, finish: $finish:expr, more: $more:expr;
        $($member:ident: $Field:ident,)+
    ) => {
        impl $crate::service::settings::Settings for $Struct {
            const GROUP: $crate::service::settings::Group =
                $crate::service::settings::Group::$Group;

            fn apply(
                &mut self,
                values: &$crate::service::settings::Values,
            ) -> Result<(), $crate::service::settings::Refused> {
                $(if let Some(value) = values.read($crate::service::settings::Field::$Field)? {
                    self.$member = value;
                })+
                Ok(())
            }

            fn from_values(
                values: &$crate::service::settings::Values,
            ) -> Result<Self, $crate::service::settings::Refused> {
                let mut settings: Self = $start(values)?;
                settings.apply(values)?;
                $finish(settings)
            }

            fn to_values(&self) -> $crate::service::settings::Values {
                let mut values = $crate::service::settings::Values::new(Self::GROUP);
                $more(self, &mut values);
                $(values.put($crate::service::settings::Field::$Field, &self.$member);)+
                values
            }
        }
    };
}

pub(in crate::service) use settings;
