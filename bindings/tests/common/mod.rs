//! One object of every class, and an input that each operation accepts.

use mpass_bindings::{Handles, Operation, Slots, call};
use mpass_core::service::AnswerKind;
use mpass_core::service::settings::{Field, Group};

pub(crate) const NOW_MS: u64 = 1_800_000_000_000;

/// Packs an input.
#[derive(Clone, Default)]
pub(crate) struct Input(pub(crate) Vec<u8>);

impl Input {
    pub(crate) fn raw(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }

    pub(crate) fn u8(self, value: u8) -> Self {
        self.raw(&[value])
    }

    pub(crate) fn u16(self, value: u16) -> Self {
        self.raw(&value.to_be_bytes())
    }

    pub(crate) fn u32(self, value: u32) -> Self {
        self.raw(&value.to_be_bytes())
    }

    pub(crate) fn u64(self, value: u64) -> Self {
        self.raw(&value.to_be_bytes())
    }

    pub(crate) fn text(self, text: &str) -> Self {
        self.bytes(text.as_bytes())
    }

    pub(crate) fn bytes(self, bytes: &[u8]) -> Self {
        self.u32(bytes.len().try_into().unwrap()).raw(bytes)
    }

    pub(crate) fn entropy<const N: usize>(self) -> Self {
        self.raw(&[7; N])
    }
}

pub(crate) fn input() -> Input {
    Input::default()
}

/// The number of a reply, and what follows it.
pub(crate) fn perform(slots: &mut Slots, number: u16, handle: u64, input: &[u8]) -> (u16, Vec<u8>) {
    let reply = call(slots, number, handle, input);
    let (head, rest) = reply.as_bytes().split_first_chunk().unwrap();
    (u16::from_be_bytes(*head), rest.to_vec())
}

/// An outcome of an operation that succeeds.
pub(crate) fn done(slots: &mut Slots, number: u16, handle: u64, input: &Input) -> Vec<u8> {
    let (failure, rest) = perform(slots, number, handle, &input.0);
    let name = Operation::of(number).unwrap().name;
    assert_eq!(failure, 0, "{name}");
    rest
}

pub(crate) fn first_u64(bytes: &[u8]) -> u64 {
    u64::from_be_bytes(*bytes.first_chunk().unwrap())
}

/// The handle at the end of an outcome.
pub(crate) fn last_u64(bytes: &[u8]) -> u64 {
    u64::from_be_bytes(*bytes.last_chunk().unwrap())
}

/// Drives a change on the memory store. Returns its outcome.
pub(crate) fn drive(slots: &mut Slots, change: u64, store: u64, now_ms: u64) -> Vec<u8> {
    let mut answer = input().u8(AnswerKind::Begin.number());
    loop {
        let next = done(slots, Operation::CHANGE_NEXT, change, &answer.u64(now_ms));
        let (step, content) = next.split_first().unwrap();
        let content = Input(content.to_vec());
        answer = match *step {
            0 => return content.0,
            1 => {
                let found = done(slots, Operation::MEMORY_STORE_LOAD, store, &content);
                input().u8(AnswerKind::Loaded.number()).raw(&found)
            }
            2 => {
                let swap = content.u64(now_ms);
                let swapped = done(slots, Operation::MEMORY_STORE_SWAP, store, &swap);
                assert_eq!(swapped, [1], "stored");
                input().u8(AnswerKind::Stored.number())
            }
            other => panic!("step {other}"),
        };
    }
}

/// A call that succeeds.
pub(crate) struct Sample {
    pub(crate) number: u16,
    pub(crate) handle: u64,
    pub(crate) input: Vec<u8>,
}

pub(crate) struct Fixture {
    pub(crate) slots: Slots,
    pub(crate) samples: Vec<Sample>,
}

impl Fixture {
    fn add(&mut self, number: u16, handle: u64, input: Input) -> Vec<u8> {
        let outcome = done(&mut self.slots, number, handle, &input);
        self.samples.push(Sample {
            number,
            handle,
            input: input.0,
        });
        outcome
    }

    /// The defaults of a group, packed.
    fn defaults(&mut self, group: Group) -> Vec<u8> {
        let group = input().u8(group.number());
        self.add(Operation::SETTINGS_DEFAULTS, 0, group)
    }

    fn object(&mut self, number: u16, handle: u64, input: Input) -> u64 {
        first_u64(&self.add(number, handle, input))
    }

    /// Calls every operation once, but for [`Operation::FREE`] and those that
    /// use up what they are called on.
    pub(crate) fn new() -> Self {
        let mut fixture = Self {
            slots: Slots::new(),
            samples: Vec::new(),
        };
        for number in [
            Operation::VERSION,
            Operation::ERRORS,
            Operation::REASONS,
            Operation::NUMBER_TABLE_VERSION,
        ] {
            fixture.add(number, 0, input());
        }
        let hotp = fixture.codes();
        fixture.numbers();
        let keyring = fixture.keyrings();
        fixture.challenges(keyring, hotp);
        fixture.tenants(keyring);
        fixture.exchanges(keyring);
        fixture.stores();
        fixture
    }

    fn codes(&mut self) -> u64 {
        let bytes = b"12345678901234567890";
        let secret = self.object(Operation::SECRET_FROM_BYTES, 0, input().bytes(bytes));
        let base32 = input().text("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        self.add(Operation::SECRET_FROM_BASE32, 0, base32);
        self.add(Operation::SECRET_FROM_HEX, 0, input().text("31323334"));
        self.add(Operation::SECRET_GENERATE, 0, input().u8(1).entropy::<64>());
        for number in [
            Operation::SECRET_EXPOSE,
            Operation::SECRET_EXPOSE_BASE32,
            Operation::SECRET_EXPOSE_HEX,
            Operation::SECRET_LENGTH,
        ] {
            self.add(number, secret, input());
        }
        let key = input().u8(1).u32(6).u8(0);
        let hotp = self.object(Operation::HOTP_NEW, secret, key.clone());
        let verified = input().text("755224").u64(0).u32(2);
        self.add(Operation::HOTP_VERIFY, hotp, verified);
        let codes = input().u32(2).text("755224").text("287082");
        let resynchronized = codes.clone().u64(0).u32(9);
        self.add(Operation::HOTP_RESYNCHRONIZE, hotp, resynchronized);
        self.add(Operation::HOTP_GENERATE, hotp, input().u64(0));
        self.add(Operation::HOTP_GENERATE_RANGE, hotp, input().u64(0).u32(3));

        let totp = self.object(Operation::TOTP_NEW, secret, key.u64(30).u64(0));
        self.add(Operation::TOTP_TIME_STEP, totp, input().u64(59));
        self.add(Operation::TOTP_REMAINING, totp, input().u64(59));
        self.add(Operation::TOTP_GENERATE, totp, input().u64(59));
        self.add(Operation::TOTP_GENERATE_STEP, totp, input().u64(1));
        let verified = input().text("287082").u64(59).u32(1).u32(1);
        self.add(Operation::TOTP_VERIFY, totp, verified);
        let resynchronized = codes.clone().u64(59).u32(1).u32(1);
        self.add(Operation::TOTP_RESYNCHRONIZE, totp, resynchronized);
        let verified = input().text("287082").u64(0).u32(3);
        self.add(Operation::TOTP_VERIFY_STEPS, totp, verified);
        let resynchronized = codes.u64(0).u32(3);
        self.add(Operation::TOTP_RESYNCHRONIZE_STEPS, totp, resynchronized);

        let suite = input().text("OCRA-1:HOTP-SHA1-6:QH40").u8(0);
        let ocra = self.object(Operation::OCRA_NEW, secret, suite);
        let inputs = input().text("00000000").u32(0).u8(0);
        self.add(Operation::OCRA_RESPOND, ocra, inputs.clone());
        let verified = input().text("237653").raw(&inputs.0).u32(0).u32(0).u32(0);
        self.add(Operation::OCRA_VERIFY, ocra, verified);
        self.add(Operation::OCRA_QUESTION, ocra, input().entropy::<32>());
        self.add(
            Operation::OCRA_SIGNATURE_QUESTION,
            ocra,
            input().u8(1).bytes(b"data"),
        );
        self.add(
            Operation::OCRA_MUTUAL,
            0,
            input().text("CLI22220").text("SRV11110"),
        );

        let text = "otpauth://totp/A:b?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=A&x=y";
        let uri = self.object(Operation::KEY_URI_PARSE, 0, input().u8(0).text(text));
        self.add(Operation::KEY_URI_EXPOSE, uri, input());
        self.add(Operation::KEY_URI_SECRET, uri, input());
        let made = input().u8(1).u64(1).text("b").u8(1).text("A").u8(2).u32(8);
        self.add(Operation::KEY_URI_NEW, secret, made);
        self.token_objects(hotp, totp, ocra)
    }

    /// The calls of tokens, which take two objects.
    fn token_objects(&mut self, hotp: u64, totp: u64, ocra: u64) -> u64 {
        let keyring = self.object(Operation::KEYRING_GENERATE, 0, input().entropy::<32>());
        let policy = self.defaults(Group::Token);
        let token = input().bytes(b"tenant").bytes(b"token").raw(&policy);
        let token = token.u8(0).u8(0);
        self.add(Operation::TOKEN_KEY, keyring, token.clone());
        let context = token.clone().u8(0).u64(NOW_MS).entropy::<32>();
        let enroll = context.clone().u64(0);
        let enrolled = self.add(Operation::TOKEN_ENROLL, keyring, enroll);
        // The record follows the key, and that nothing was expected.
        let length = usize::try_from(u32::from_be_bytes(*enrolled[17..].first_chunk().unwrap()));
        let record = &enrolled[21..21 + length.unwrap()];
        let context = token
            .clone()
            .u8(1)
            .bytes(record)
            .u64(NOW_MS)
            .entropy::<32>();
        let codes = input().u32(2).text("755224").text("287082");
        for (number, object) in [
            (Operation::TOKEN_ATTEMPT_HOTP, hotp),
            (Operation::TOKEN_ATTEMPT_TOTP, totp),
        ] {
            self.add(number, keyring, context.clone().u64(object).text("755224"));
        }
        for (number, object) in [
            (Operation::TOKEN_RESYNCHRONIZE_HOTP, hotp),
            (Operation::TOKEN_RESYNCHRONIZE_TOTP, totp),
        ] {
            self.add(number, keyring, context.clone().u64(object).raw(&codes.0));
        }
        let question = context.clone().text("00000000").u64(60_000);
        self.add(Operation::TOKEN_ASK, keyring, question);
        let response = context.clone().u64(ocra).text("237653");
        let response = response.text("00000000").u32(0).u8(0);
        self.add(Operation::TOKEN_ATTEMPT_OCRA, keyring, response);
        self.add(Operation::TOKEN_UNLOCK, keyring, context.clone());
        self.token_changes(keyring, &token, [hotp, totp, ocra]);
        self.add(Operation::TOKEN_STATUS, keyring, context);
        keyring
    }

    fn token_changes(&mut self, keyring: u64, token: &Input, [hotp, totp, ocra]: [u64; 3]) {
        let context = token.clone().entropy::<32>();
        let codes = input().u32(2).text("755224").text("287082");
        for (attempt, resynchronize, object) in [
            (
                Operation::TOKEN_CHANGE_ATTEMPT_HOTP,
                Operation::TOKEN_CHANGE_RESYNCHRONIZE_HOTP,
                hotp,
            ),
            (
                Operation::TOKEN_CHANGE_ATTEMPT_TOTP,
                Operation::TOKEN_CHANGE_RESYNCHRONIZE_TOTP,
                totp,
            ),
        ] {
            let context = context.clone().u64(object);
            self.add(attempt, keyring, context.clone().text("755224"));
            self.add(resynchronize, keyring, context.raw(&codes.0));
        }
        let question = context.clone().text("00000000").u64(60_000);
        self.add(Operation::TOKEN_CHANGE_ASK, keyring, question);
        let response = context.clone().u64(ocra).text("237653");
        let response = response.text("00000000").u32(0).u8(0);
        self.add(Operation::TOKEN_CHANGE_ATTEMPT_OCRA, keyring, response);
        let enroll = context.clone().u64(5);
        self.add(Operation::TOKEN_CHANGE_ENROLL, keyring, enroll);
        self.add(Operation::TOKEN_CHANGE_UNLOCK, keyring, context);
    }

    fn numbers(&mut self) {
        let number = input().text("+966500000000");
        self.add(Operation::NUMBER_PARSE, 0, number.clone().u8(0));
        let national = input().u32(966).text("0500000000");
        self.add(Operation::NUMBER_FROM_NATIONAL, 0, national);
        self.add(Operation::NUMBER_HASHES, 0, number.clone());
        let batch = input().u32(1).raw(&number.0);
        self.add(Operation::NUMBER_HASH_BATCH, 0, batch);
        let keyed = number.clone().entropy::<32>();
        self.add(Operation::NUMBER_KEYED_HASH, 0, keyed);
        let digest = number.text(&"0".repeat(64));
        self.add(Operation::NUMBER_HAS_DIGEST, 0, digest);
        let certificate = input().text("com.example.otp").bytes(&[0x30]);
        self.add(Operation::ANDROID_APP_HASH, 0, certificate);
    }

    fn keyrings(&mut self) -> u64 {
        let keyring = self.object(Operation::KEYRING_GENERATE, 0, input().entropy::<32>());
        let exposed = self.add(Operation::KEYRING_EXPOSE, keyring, input());
        let parsed = self.object(Operation::KEYRING_PARSE, 0, Input(exposed));
        self.add(Operation::KEYRING_ADD, parsed, input().entropy::<32>());
        self.add(Operation::KEYRING_ACTIVATE, parsed, input().u16(2));
        self.add(Operation::KEYRING_IDS, parsed, input());
        self.add(Operation::KEYRING_COPY, parsed, input());
        self.headers(parsed);
        done(
            &mut self.slots,
            Operation::KEYRING_REMOVE,
            parsed,
            &input().u16(1),
        );
        keyring
    }

    fn headers(&mut self, keyring: u64) {
        let context = input().entropy::<32>();
        for number in [
            Operation::HEADER_OPEN,
            Operation::HEADER_READ,
            Operation::HEADER_INITIALIZE,
            Operation::HEADER_RESTORE,
            Operation::HEADER_CONFIRM,
            Operation::HEADER_UPGRADE,
        ] {
            self.add(number, keyring, context.clone());
        }
        for number in [Operation::HEADER_ACTIVATE, Operation::HEADER_REMOVE_KEY] {
            self.add(number, keyring, context.clone().u16(1));
        }
    }

    fn challenges(&mut self, keyring: u64, hotp: u64) {
        let policy = self.defaults(Group::Policy);
        let checked = input().u8(Group::Policy.number()).raw(&policy);
        self.add(Operation::SETTINGS_CHECK, 0, checked);
        let limit = input().u32(9).u64(3_600_000);
        self.add(Operation::LIMIT_HALF_AT_ONCE, 0, limit);
        let subject = input()
            .text("test")
            .bytes(b"tenant")
            .u8(1)
            .text("+966500000000");
        let subject = subject.text("").raw(&policy).u8(0);
        self.add(Operation::CHALLENGE_KEY, keyring, subject.clone());
        let parsed = input().u8(1).text("+966 50 000 0000");
        self.add(Operation::SUBJECT_PARSE, 0, parsed);
        let change = subject.clone().entropy::<32>();
        let context = subject.u8(0).u64(NOW_MS).entropy::<32>();
        let issued = self.add(Operation::CHALLENGE_ISSUE, keyring, context.clone());
        assert_eq!(issued[0], 0, "pending");
        let pending = last_u64(&issued);
        let current = input().bytes(b"another");
        self.add(Operation::PENDING_IS_WRITTEN_IN, pending, current);
        let stored = done(
            &mut self.slots,
            Operation::PENDING_STORED,
            pending,
            &input(),
        );
        let attempt = context.clone().text("000000");
        self.add(Operation::CHALLENGE_ATTEMPT, keyring, attempt);
        let refund = context.clone().u64(last_u64(&stored));
        self.add(Operation::CHALLENGE_REFUND, keyring, refund);
        self.add(Operation::CHALLENGE_UNLOCK, keyring, context);
        let attempt = change.clone().text("000000");
        self.add(Operation::CHALLENGE_CHANGE_ATTEMPT, keyring, attempt);
        let refund = change.clone().u64(last_u64(&stored));
        self.add(Operation::CHALLENGE_CHANGE_REFUND, keyring, refund);
        self.add(Operation::CHALLENGE_CHANGE_UNLOCK, keyring, change.clone());
        let issuing = self.object(Operation::CHALLENGE_CHANGE_ISSUE, keyring, change);
        let begin = input().u8(0).u64(NOW_MS);
        self.add(Operation::CHANGE_NEXT, issuing, begin);
        assert!(self.slots.get(hotp).is_some());
    }

    fn tenants(&mut self, keyring: u64) {
        let memory = input().u64(99);
        let store = first_u64(&done(
            &mut self.slots,
            Operation::MEMORY_STORE_NEW,
            0,
            &memory,
        ));
        for (group, name) in [
            (Group::Channel, "shop"),
            (Group::Customer, "C-0123456789ABCDE"),
            (Group::Client, "client"),
        ] {
            let kind = group.number();
            let named = input().u8(kind).text(name);
            let store_key = self.add(Operation::TENANT_STORE_KEY, keyring, named.clone());
            // One field, a text.
            let settings = input().u32(1).u16(Field::Name.number()).u8(4).text(name);
            let create = input().u8(kind).entropy::<32>().raw(&settings.0);
            let creating = self.object(Operation::TENANT_ADMIN_CREATE, keyring, create);
            let credential = drive(&mut self.slots, creating, store, NOW_MS);
            done(&mut self.slots, Operation::FREE, creating, &input());
            // The credential follows the name.
            let credential = &credential[4 + name.len()..];
            let length = u32::from_be_bytes(*credential.first_chunk().unwrap());
            let credential = &credential[..4 + usize::try_from(length).unwrap()];

            let load = input().u8(2).raw(&store_key);
            let loaded = done(&mut self.slots, Operation::MEMORY_STORE_LOAD, store, &load);
            let tenant = input().u8(kind).raw(&store_key).raw(&loaded[1..]);
            self.add(Operation::TENANT_OPEN, keyring, tenant.clone());
            let allowed = tenant.u8(2).text("192.0.2.1");
            self.add(Operation::TENANT_ALLOWS, keyring, allowed);

            self.add(Operation::TENANT_ADMIN_READ, keyring, named.clone());
            let list = input().u8(kind).u8(0).u32(10);
            self.add(Operation::TENANT_ADMIN_LIST, keyring, list);
            let context = named.entropy::<32>();
            // Nothing is set, one field is cleared; a stamp, and no overlap.
            let update = context.clone().u32(0).u32(1).u16(Field::Host.number());
            let update = update.u8(1).text("0123456789abcdef").u8(0);
            self.add(Operation::TENANT_ADMIN_UPDATE, keyring, update);
            let rotate = context.clone().u8(1).u64(60_000);
            self.add(Operation::TENANT_ADMIN_ROTATE, keyring, rotate);
            self.add(Operation::TENANT_ADMIN_REVOKE, keyring, context.clone());
            let unlock = context.text("+966500000000");
            self.add(Operation::TENANT_ADMIN_UNLOCK, keyring, unlock);
            let provision = input().u8(kind).entropy::<32>().raw(&settings.0);
            let provision = provision.raw(credential);
            self.add(Operation::TENANT_ADMIN_PROVISION, keyring, provision);
        }
        let credits = input().text("C-0123456789ABCDE").entropy::<32>().u64(5);
        self.add(Operation::TENANT_ADMIN_CREDITS, keyring, credits);
        self.add(
            Operation::TENANT_ADMIN_RESEAL,
            keyring,
            input().entropy::<32>(),
        );
        done(&mut self.slots, Operation::FREE, store, &input());
    }

    fn exchanges(&mut self, keyring: u64) {
        let peer = self.add(Operation::ADDRESS_PARSE, 0, input().text("192.0.2.1"));
        self.add(Operation::ADDRESS_TEXT, 0, Input(peer));
        let engine = self.object(Operation::ENGINE_NEW, keyring, input().u32(0));
        let restored = input().u8(1).u64(NOW_MS).u8(0);
        self.add(Operation::ENGINE_APPLY, engine, restored);
        let request = input().text("GET").text("/nothing").text("");
        let request = request.u32(1).text("host").text("localhost").bytes(b"");
        let request = request.bytes(&[192, 0, 2, 1]);
        let request = request.u64(NOW_MS).entropy::<32>();
        let exchange = self.object(Operation::EXCHANGE_BEGIN, engine, request);
        let begin = input().u8(0).u64(NOW_MS);
        self.add(Operation::EXCHANGE_NEXT, exchange, begin);
    }

    fn stores(&mut self) {
        let store = self.object(Operation::MEMORY_STORE_NEW, 0, input().u64(9));
        let load = input().u8(1).entropy::<16>();
        self.add(Operation::MEMORY_STORE_LOAD, store, load.clone());
        let swap = load.u8(0).bytes(b"value").u8(0).u64(NOW_MS);
        self.add(Operation::MEMORY_STORE_SWAP, store, swap);
        self.add(Operation::MEMORY_STORE_LENGTH, store, input());
        self.add(Operation::MEMORY_STORE_LIST, store, input().u8(0).u32(10));
    }
}
