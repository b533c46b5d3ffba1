//! privacyIDEA in a typical single-machine set-up: gunicorn with two workers,
//! SQLite, audit signing enabled.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::address::{free_address, wait_for};
use super::cores::SERVER_CORE;
use super::process::Pinned;
use super::wrk::{self, Loaded};

/// A server with an HOTP token of one user.
pub struct PrivacyIdea {
    process: Pinned,
    address: String,
}

impl PrivacyIdea {
    /// Starts the server from the virtual environment, with its data in `dir`.
    ///
    /// # Panics
    /// If a step of the set-up fails.
    #[must_use]
    pub fn start(environment: &Path, dir: &Path) -> Self {
        let bin = environment.join("bin");
        let file = |name: &str| dir.join(name).display().to_string();
        let config = file("pi.cfg");
        let text = format!(
            "SUPERUSER_REALM = ['super']\nSQLALCHEMY_DATABASE_URI = 'sqlite:///{}'\n\
             SECRET_KEY = 'benchmark'\nPI_PEPPER = 'benchmark'\nPI_ENCFILE = '{}'\n\
             PI_AUDIT_KEY_PRIVATE = '{}'\nPI_AUDIT_KEY_PUBLIC = '{}'\nPI_LOGLEVEL = 40\n\
             PI_LOGFILE = '{}'\n",
            file("pi.sqlite"),
            file("enckey"),
            file("private.pem"),
            file("public.pem"),
            file("pi.log"),
        );
        fs::write(&config, text).expect("a directory to write to");
        let run = |program: &str, arguments: &[&str]| {
            let mut command = Command::new(bin.join(program));
            command
                .args(arguments)
                .env("PRIVACYIDEA_CONFIGFILE", &config);
            let output = command.current_dir(dir).output().expect("its programs");
            assert!(
                output.status.success(),
                "{program} {arguments:?}: {}",
                String::from_utf8_lossy(&output.stderr)
            );
        };
        run("pi-manage", &["setup", "create_enckey"]);
        run("pi-manage", &["setup", "create_audit_keys"]);
        run("pi-manage", &["setup", "create_tables"]);
        run("python", &["-c", TOKEN]);
        let address = free_address();
        let mut serve = Command::new("env");
        serve.arg(format!("PRIVACYIDEA_CONFIGFILE={config}"));
        serve.arg(bin.join("gunicorn"));
        serve.args(["--workers", "2", "--bind", &address, APPLICATION]);
        serve.stdin(Stdio::null());
        let process = Pinned::start(SERVER_CORE, &serve);
        wait_for(&address);
        Self { process, address }
    }

    /// Validates wrong codes for its token, with four clients.
    ///
    /// # Panics
    /// As [`wrk::load`].
    #[must_use]
    pub fn load(&self) -> Loaded {
        let request = wrk::Load {
            address: &self.address,
            kind: "privacyidea",
            key: SERIAL,
            first: 0,
            count: 1,
            clients: 4,
        };
        // Workers import modules with their first request.
        let _ = wrk::load(&self.process, &request);
        wrk::load(&self.process, &request)
    }
}

const APPLICATION: &str = "privacyidea.app:create_app(config_name='production', silent=True)";
const SERIAL: &str = "BENCH";
/// Creates the token, with a failure counter that never locks, so that each
/// request does the full work.
const TOKEN: &str = "
from privacyidea.app import create_app
from privacyidea.lib.token import init_token
with create_app(config_name='production', silent=True).app_context():
    token = init_token({'type': 'hotp', 'serial': 'BENCH', 'otpkey': '3132333435363738393031323334353637383930'})
    token.set_maxfail(1000000)
    token.save()
";
