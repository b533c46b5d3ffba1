//! The typed settings of the Java package: a class for each group, with the
//! methods of each field.

use anyhow::Result;
use mpass_core::service::settings::{Field, Group, Values};

use super::java::{DIRECTORY, tagged};
use super::java_fields::Member;
use super::words::constant;
use super::written::{HEAD, Written};

/// A group's class.
struct Class {
    group: Group,
    name: &'static str,
    about: &'static str,
    /// What it imports beside the types of its fields.
    imports: &'static [&'static str],
    /// What its callers call its name.
    called: &'static str,
    /// Members that are not made of fields.
    members: &'static str,
}

const STANDARD: &str = "  /** {@return every default} */
  public static NAME standard() {
    return new NAME(Values.defaults(Group.GROUP));
  }
";

const UNNAMED: &str = "  /**
   * {@return every default, without a name: {@link Tenants#create} generates one}
   */
  public static NAME unnamed() {
    return new NAME(Values.defaults(Group.GROUP));
  }

";

const OF_A_NAME: &str = "  /**
   * Every default but the name.
   *
   * @param CALLED the name
   * @return the settings
   */
  public static NAME of(String CALLED) {
    Check.given(CALLED, \"the CALLED\");
    return new NAME(Values.defaults(Group.GROUP)).withName(CALLED);
  }

  /** {@return the rules of its challenges} */
  public Policy policy() {
    return new Policy(values.only(Policy.FIELDS));
  }

  /**
   * The same settings with other rules of challenges.
   *
   * @param policy the rules
   * @return the settings
   */
  public NAME withPolicy(Policy policy) {
    return new NAME(values.with(Policy.FIELDS, policy.values));
  }
";

/// A policy is built, so that the engine checks it as a whole.
const BUILT: &str = "  /** The fields of a policy, which a tenant's settings have among theirs. */
  static final Set<Field> FIELDS =
      Set.of(
LISTED);

  private final double perChallenge;
  private final double perDay;

  Policy(Values values) {
    super(values);
    double[] probabilities =
        values.check(
            Group.POLICY,
            output -> output.bool() ? new double[] {output.f64(), output.f64()} : new double[2]);
    perChallenge = probabilities[0];
    perDay = probabilities[1];
  }

  /** {@return every default; they keep NIST SP 800-63B} */
  public static Policy standard() {
    return builder().build();
  }

  /** {@return a builder that begins with every default} */
  public static Builder builder() {
    return new Builder(Values.defaults(Group.POLICY));
  }

  /** {@return a builder that begins with this policy} */
  public Builder toBuilder() {
    return new Builder(values);
  }

  /** {@return the probability that guessing all tries of one challenge finds its code} */
  public double guessProbabilityPerChallenge() {
    return perChallenge;
  }

  /** {@return the probability that all guesses of a number within a day find a code} */
  public double guessProbabilityPerDay() {
    return perDay;
  }
";

const BUILDER: &str = "
  /** Sets the fields of a policy. */
  public static final class Builder {
    private Values values;

    private Builder(Values values) {
      this.values = values;
    }

    /**
     * The policy.
     *
     * @return the policy
     * @throws MpassException for a field out of its range, which its message names
     */
    public Policy build() {
      return new Policy(values);
    }
";

const CLASSES: &[Class] = &[
    Class {
        group: Group::Policy,
        name: "Policy",
        about: "The rules of a challenge, checked by the engine. Immutable.",
        imports: &["java.util.Set"],
        called: "",
        members: BUILT,
    },
    Class {
        group: Group::Token,
        name: "TokenPolicy",
        about: "The rules of an OATH token, checked where a `TokenState` is used. Immutable.",
        imports: &[],
        called: "",
        members: STANDARD,
    },
    Class {
        group: Group::Engine,
        name: "EngineSettings",
        about: "The settings of the engine of an `MpassService`, checked where one is created. \
                Immutable.",
        imports: &[],
        called: "",
        members: STANDARD,
    },
    Class {
        group: Group::Channel,
        name: "ChannelSettings",
        about: "The settings of a channel, a caller of the mPass contract, checked where one is \
                created. Immutable.",
        imports: &[],
        called: "name",
        members: OF_A_NAME,
    },
    Class {
        group: Group::Customer,
        name: "CustomerSettings",
        about: "The settings of a customer, a caller of the VerifyNow contract, checked where \
                one is created. Immutable.",
        imports: &[],
        called: "id",
        members: OF_A_NAME,
    },
    Class {
        group: Group::Client,
        name: "ClientSettings",
        about: "The settings of a client, a caller of the CAMARA contracts, checked where one is \
                created. Immutable.",
        imports: &[],
        called: "name",
        members: OF_A_NAME,
    },
];

pub(super) fn files() -> Result<Vec<Written>> {
    CLASSES
        .iter()
        .map(|class| {
            let path = format!("{DIRECTORY}/{}.java", class.name);
            Ok(Written::new(path, class.text()?))
        })
        .collect()
}

impl Class {
    fn text(&self) -> Result<String> {
        let is_tenant = self.group.is_tenant();
        let own = |field: &Field| !(is_tenant && field.is_of(Group::Policy));
        let defaults = Values::defaults(self.group);
        let members: Vec<Member> = self
            .group
            .fields()
            .filter(own)
            .map(|field| Member::new(field, &defaults))
            .collect::<Result<_>>()?;
        let about = tagged("", self.about, &[]);
        let mut text = format!(
            "// {HEAD}\npackage org.libmpass;\n\n{}{about}public final class {} extends Settings {{\n",
            self.imports(&members),
            self.name
        );
        if self.group != Group::Policy {
            text += &format!(
                "  {}(Values values) {{\n    super(values);\n  }}\n\n",
                self.name
            );
        }
        let unnamed = match self.group {
            Group::Customer => UNNAMED,
            _ => "",
        };
        text += &[unnamed, self.members]
            .concat()
            .replace("NAME", self.name)
            .replace("GROUP", &constant(self.group.name()))
            .replace("CALLED", self.called)
            .replace("LISTED", &listed(&members));
        for member in &members {
            text += &member.accessor();
            if self.group != Group::Policy {
                text += &member.with(self.name);
            }
        }
        if self.group == Group::Policy {
            text += BUILDER;
            text.extend(members.iter().map(Member::builder));
            text += "  }\n";
        }
        Ok(text + "}\n")
    }

    fn imports(&self, members: &[Member]) -> String {
        let mut imports = self.imports.to_vec();
        for member in members {
            imports.extend(member.kind.imports());
            imports.extend(member.is_optional.then_some("java.util.Optional"));
        }
        imports.sort_unstable();
        imports.dedup();
        let imports: String = imports
            .iter()
            .map(|class| format!("import {class};\n"))
            .collect();
        match imports.is_empty() {
            true => imports,
            false => imports + "\n",
        }
    }
}

/// The constants of fields, as arguments.
fn listed(members: &[Member]) -> String {
    let constants: Vec<String> = members
        .iter()
        .map(|member| format!("          Field.{}", member.constant))
        .collect();
    constants.join(",\n")
}
