//! Operations on the settings of a whole group: defaults, checks and the policy.

use super::refused::Refused;
use super::rules::policy_from;
use super::table::{Field, Group};
use super::value::Value;
use super::values::{Settings, Values};
use crate::Error;
use crate::challenge::{Policy, PolicySettings, TokenPolicy};
#[cfg(feature = "contracts")]
use crate::service::host::EngineSettings;
#[cfg(feature = "contracts")]
use crate::service::tenant::{ChannelSettings, ClientSettings, CustomerSettings};

impl Group {
    /// Whether the group holds the settings of a tenant.
    #[must_use]
    pub const fn is_tenant(self) -> bool {
        matches!(self, Self::Channel | Self::Customer | Self::Client)
    }
}

impl Values {
    /// The defaults of a group. Fields without a default are not set.
    #[must_use]
    pub fn defaults(group: Group) -> Self {
        match group {
            Group::Policy => PolicySettings::default().to_values(),
            Group::Token => TokenPolicy::default().to_values(),
            #[cfg(feature = "contracts")]
            Group::Engine => EngineSettings::default().to_values(),
            #[cfg(feature = "contracts")]
            Group::Channel => ChannelSettings::new("").to_values().without_name(),
            #[cfg(feature = "contracts")]
            Group::Customer => CustomerSettings::new("").to_values().without_name(),
            #[cfg(feature = "contracts")]
            Group::Client => ClientSettings::new("").to_values().without_name(),
            #[cfg(not(feature = "contracts"))]
            _ => Self::new(group),
        }
    }

    /// The value of a field if it was set, otherwise its default; `None` without
    /// a default.
    ///
    /// # Errors
    /// [`Error::UnknownSetting`] for a field that is not in the group.
    pub fn value(&self, field: Field) -> Result<Option<Value>, Refused> {
        self.check_field(field)?;
        let default = || Self::defaults(self.group()).get(field).cloned();
        Ok(self.get(field).cloned().or_else(default))
    }

    /// Checks the settings as a whole, including combinations of fields.
    ///
    /// # Errors
    /// The errors of [`Settings::from_values`] for the group's type.
    pub fn check(&self) -> Result<(), Refused> {
        match self.group() {
            Group::Policy => PolicySettings::from_values(self).map(drop),
            Group::Token => TokenPolicy::from_values(self).map(drop),
            #[cfg(feature = "contracts")]
            Group::Engine => EngineSettings::from_values(self).map(drop),
            #[cfg(feature = "contracts")]
            Group::Channel => ChannelSettings::from_values(self).map(drop),
            #[cfg(feature = "contracts")]
            Group::Customer => CustomerSettings::from_values(self).map(drop),
            #[cfg(feature = "contracts")]
            Group::Client => ClientSettings::from_values(self).map(drop),
            #[cfg(not(feature = "contracts"))]
            _ => Err(Error::UnknownSetting.into()),
        }
    }

    /// The policy in these settings.
    ///
    /// # Errors
    /// [`Error::UnknownSetting`] for a group without a policy; the errors of
    /// [`Policy::new`], with the field.
    pub fn policy(&self) -> Result<Policy, Refused> {
        match self.group() {
            Group::Policy | Group::Channel | Group::Client => policy_from(self, &Policy::default()),
            #[cfg(feature = "contracts")]
            Group::Customer => {
                let mut customer = CustomerSettings::new("");
                customer.policy = policy_from(self, &customer.policy)?;
                customer.check_policy()?;
                Ok(customer.policy)
            }
            _ => Err(Error::UnknownSetting.into()),
        }
    }
}

#[cfg(all(test, feature = "contracts"))]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_those_of_the_types() {
        for group in [Group::Policy, Group::Token, Group::Engine] {
            let values = Values::new(group);
            assert_eq!(values.check(), Ok(()), "{group:?}");
            assert_eq!(Values::defaults(group).check(), Ok(()), "{group:?}");
        }
        for group in [Group::Channel, Group::Customer, Group::Client] {
            assert!(group.is_tenant());
            let values = Values::defaults(group);
            assert_eq!(values.value(Field::Name), Ok(None), "{group:?}");
            let unnamed = values.check().unwrap_err();
            assert_eq!(unnamed.error, Error::InvalidName, "{group:?}");
            assert!(values.policy().is_ok(), "{group:?}");
        }
    }

    #[test]
    fn a_value_is_the_one_set_or_the_default() {
        let mut values = Values::new(Group::Customer);
        let digits = |values: &Values| values.value(Field::Digits);
        assert_eq!(digits(&values), Ok(Some(Value::Number(4))));
        values.set(Field::Digits, Value::Number(6)).unwrap();
        assert_eq!(digits(&values), Ok(Some(Value::Number(6))));
        values.clear(Field::Digits).unwrap();
        assert_eq!(digits(&values), Ok(Some(Value::Number(4))));
        assert_eq!(values.value(Field::Sender), Ok(None));
        let unknown = values.value(Field::Apps).unwrap_err();
        assert_eq!(unknown.error, Error::UnknownSetting);
    }

    #[test]
    fn a_list_is_its_default_until_a_member_is_added() {
        let mut client = Values::new(Group::Client);
        let scopes = |values: &Values| match values.value(Field::Scopes) {
            Ok(Some(Value::Texts(scopes))) => scopes.len(),
            other => panic!("{other:?}"),
        };
        assert_eq!(scopes(&client), 2);
        let scope = Value::Text("number-verification:verify".into());
        client.add(Field::Scopes, scope).unwrap();
        assert_eq!(scopes(&client), 1);
        client.set_empty(Field::Scopes).unwrap();
        assert_eq!(scopes(&client), 0);
        let refused = client.set_empty(Field::Sender).unwrap_err();
        assert_eq!(refused.error, Error::InvalidSetting);
    }

    #[test]
    fn a_policy_keeps_the_limits_of_its_group() {
        let refused = |group, field, number| {
            let mut values = Values::new(group);
            values.set(field, Value::Number(number)).unwrap();
            values
                .policy()
                .err()
                .map(|refused| (refused.error, refused.field))
        };
        let day_ms = 86_400_000;
        assert_eq!(
            refused(Group::Customer, Field::LifetimeMs, day_ms),
            Some((Error::InvalidLifetime, Some(Field::LifetimeMs)))
        );
        assert_eq!(
            refused(Group::Customer, Field::Digits, 10),
            Some((Error::InvalidDigits, Some(Field::Digits)))
        );
        assert_eq!(refused(Group::Customer, Field::LifetimeMs, 300_000), None);
    }

    #[test]
    fn both_sides_of_a_token_s_window_are_checked_together() {
        let mut values = Values::new(Group::Token);
        values.set(Field::Past, Value::Number(99_999)).unwrap();
        values.set(Field::Future, Value::Number(0)).unwrap();
        assert_eq!(values.check(), Ok(()));
        values.set(Field::Future, Value::Number(1)).unwrap();
        let refused = values.check().unwrap_err();
        assert_eq!(
            (refused.error, refused.field),
            (Error::WindowTooLarge, Some(Field::Past))
        );
    }
}
