//! Builds the front end into `OUT_DIR/static`, from where it is embedded.
//!
//! `RYADOM_SKIP_STATIC=1` leaves it out (clippy, API-only builds): pages then answer that they are not in this build.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

/// What the front end is made of; `node_modules` and `dist` are left out, or every build would run it again.
const SOURCES: &[&str] = &[
    "docs/guides",
    "static/examples",
    "static/src",
    "static/pages",
    "static/public",
    "static/package.json",
    "static/package-lock.json",
    "static/vite.config.ts",
    "static/tsconfig.json",
    "static/.npmrc",
];

fn main() {
    println!("cargo:rerun-if-env-changed=RYADOM_SKIP_STATIC");
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=migrations");
    for path in SOURCES {
        println!("cargo:rerun-if-changed={path}");
    }
    let out = Path::new(&env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("static");
    fs::create_dir_all(&out).expect("OUT_DIR is ours");
    if env::var_os("RYADOM_SKIP_STATIC").is_some_and(|v| v == "1") {
        fs::remove_dir_all(&out).expect("OUT_DIR is ours");
        fs::create_dir_all(&out).expect("OUT_DIR is ours");
        return;
    }
    // What is installed already and fits the lock stays: `npm ci` removes node_modules even then.
    let installed = Path::new("static/node_modules/.package-lock.json");
    let is_fresh = |a: &Path, b: &Path| {
        let time = |p: &Path| fs::metadata(p).and_then(|m| m.modified()).ok();
        matches!((time(a), time(b)), (Some(a), Some(b)) if a >= b)
    };
    if !is_fresh(installed, Path::new("static/package-lock.json")) {
        npm(&["ci", "--no-audit", "--no-fund"], &out);
    }
    npm(&["run", "build"], &out);
}

/// Runs npm in `static/`; its log is shown when it fails.
fn npm(arguments: &[&str], out: &Path) {
    let run = Command::new("npm").args(arguments).current_dir("static").env("RYADOM_STATIC_OUT", out).output();
    let output = match run {
        Ok(output) => output,
        Err(error) => {
            eprintln!("cannot run npm ({error}): install Node 20 or later, or build with RYADOM_SKIP_STATIC=1");
            std::process::exit(1);
        }
    };
    if !output.status.success() {
        eprintln!("npm {} failed:", arguments.join(" "));
        eprintln!("{}", String::from_utf8_lossy(&output.stdout));
        eprintln!("{}", String::from_utf8_lossy(&output.stderr));
        std::process::exit(1);
    }
}
