//! Settings of the binary: defaults < file < environment < flags.

use crate::harness::process::{Running, Served, database, run, ryadom, serve, serve_with};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use tempfile::tempdir;

/// A port that was free a moment ago.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port()
}

fn config(folder: &Path, text: &str) -> String {
    let path = folder.join("ryadom.toml");
    std::fs::write(&path, text).expect("a file");
    path.display().to_string()
}

#[test]
fn flags_win_over_the_environment_and_the_environment_over_the_file() {
    let folder = tempdir().unwrap();
    let [by_file, by_environment, by_flag] = [free_port(), free_port(), free_port()];
    let file = config(
        folder.path(),
        &format!(
            "listen = \"127.0.0.1:{by_file}\"\ndatabase_url = \"{}\"\nlog_format = \"json\"\n",
            database(folder.path())
        ),
    );
    let environment = format!("127.0.0.1:{by_environment}");
    let flag = format!("127.0.0.1:{by_flag}");
    let port = |mut command: Command| {
        let served = Served::of(Running::start(&mut command));
        assert_eq!(served.get("/healthz").0, 200);
        let port = served.address.port();
        let (ended, _) = served.terminate();
        assert_eq!(ended.code, Some(0), "{ended:?}");
        (port, ended.stderr)
    };
    let (from_file, log) = port(ryadom(folder.path(), &["serve", "--config", &file]));
    assert_eq!(from_file, by_file);
    assert!(log.lines().all(|l| l.starts_with('{')), "log_format of the file was not heard: {log}");
    assert!(folder.path().join("ryadom.db").exists(), "database_url of the file was not heard");

    let mut command = ryadom(folder.path(), &["serve", "--config", &file]);
    command.env("RYADOM_LISTEN", &environment).env("RYADOM_LOG_FORMAT", "text");
    let (from_environment, log) = port(command);
    assert_eq!(from_environment, by_environment);
    assert!(log.lines().all(|l| !l.starts_with('{')), "{log}");

    let mut command = ryadom(folder.path(), &["serve", "--listen", &flag]);
    command.env("RYADOM_LISTEN", &environment).env("RYADOM_CONFIG", &file);
    assert_eq!(port(command).0, by_flag);
    // A flag before the command is the same flag.
    let command = ryadom(folder.path(), &["--config", &file, "--listen", &flag, "serve"]);
    assert_eq!(port(command).0, by_flag);
}

#[test]
fn without_a_word_the_store_is_a_file_of_the_folder() {
    let folder = tempdir().unwrap();
    // `serve` is what happens without a command; only the port is said, because the default one may be taken.
    let served = Served::of(Running::start(&mut ryadom(folder.path(), &["--listen", "127.0.0.1:0"])));
    let (status, body) = served.get("/readyz");
    assert_eq!(status, 200);
    assert!(body.contains("\"engine\":\"sqlite\""), "{body}");
    assert!(folder.path().join("data/ryadom.db").exists());
    served.kill_9();
}

#[test]
fn the_demo_has_a_store_of_its_own_in_data_dir() {
    let folder = tempdir().unwrap();
    let mut command = ryadom(folder.path(), &["demo", "--listen", "127.0.0.1:0", "--data-dir", "own/folder"]);
    let served = Served::of(Running::start(&mut command));
    let (_, body) = served.get("/api/v1/locations/nearest?lon=42&lat=45");
    assert!(body.contains("\"demo\":true"), "{body}");
    assert!(folder.path().join("own/folder/demo.db").exists());
    assert!(!folder.path().join("data").exists(), "the demo touches no other store");
}

#[test]
fn an_unknown_variable_is_refused_by_name() {
    let folder = tempdir().unwrap();
    for (variable, command) in [("RYADOM_LISEN", "serve"), ("RYADOM_DATABASE_URL", "migrate"), ("RYADOM_X", "openapi")]
    {
        let mut asked = ryadom(folder.path(), &[command]);
        asked.env(variable, "hunter2");
        let ended = run(asked);
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert!(ended.stderr.contains(variable), "{ended:?}");
        assert!(!ended.stderr.contains("hunter2"), "{ended:?}");
        assert!(!folder.path().join("data").exists(), "nothing was done");
    }
    // Variables of tests and of others are no business of ours.
    let mut asked = ryadom(folder.path(), &["openapi"]);
    asked.env("RYADOM_TEST_POSTGIS", "x").env("LISTEN", "nonsense").env("RYADOMX", "1");
    assert_eq!(run(asked).code, Some(0));
}

#[test]
fn a_file_that_cannot_be_used_is_refused_by_name_and_key() {
    let folder = tempdir().unwrap();
    for (text, word) in [
        ("lisen = \"127.0.0.1:0\"\n", "lisen"),
        ("log = \"info\"\n[index]\nsize = 1\n", "index"),
        ("listen = \"nowhere\"\n", "listen"),
        ("view_cache_mib = \"many\"\n", "view_cache_mib"),
        ("view_cache_mib = -1\n", "view_cache_mib"),
        ("log_format = \"xml\"\n", "xml"),
        ("listen = \n", "line 1"),
    ] {
        let file = config(folder.path(), text);
        let ended = run(ryadom(folder.path(), &["serve", "--config", &file]));
        assert_eq!(ended.code, Some(1), "{text}: {ended:?}");
        assert!(ended.stderr.contains("ryadom.toml") && ended.stderr.contains(word), "{text}: {ended:?}");
    }
    let ended = run(ryadom(folder.path(), &["serve", "--config", "absent.toml"]));
    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr.contains("absent.toml"), "{ended:?}");
}

#[test]
fn a_file_that_cannot_be_used_does_not_print_its_secrets() {
    let folder = tempdir().unwrap();
    for text in [
        "operator_tokn = \"hunter2\"\n",
        "operator_token = \"hunter2\n",
        "operator_token = [\"hunter2\"]\n",
        "operator_token = 7772223\n",
        "database_url = \"postgres://u:hunter2@h/d\" x\n",
        "databse_url = \"postgres://u:hunter2@h/d\"\n",
    ] {
        let file = config(folder.path(), text);
        let ended = run(ryadom(folder.path(), &["serve", "--config", &file]));
        assert_eq!(ended.code, Some(1), "{text}: {ended:?}");
        assert!(ended.stderr.contains("ryadom.toml"), "{ended:?}");
        for secret in ["hunter2", "7772223"] {
            assert!(!ended.stderr.contains(secret), "{text} is printed: {}", ended.stderr);
        }
    }
}

#[test]
fn a_flag_that_cannot_be_used_is_refused_by_name() {
    let folder = tempdir().unwrap();
    for (arguments, word) in [
        (["serve", "--listen", "nowhere"], "--listen"),
        (["serve", "--view-cache-mib=-1", "--log=off"], "--view-cache-mib"),
        (["serve", "--log-format", "xml"], "--log-format"),
        (["serve", "--lisen", "127.0.0.1:0"], "--lisen"),
        (["serve", "--log", "ryadom=[("], "log filter"),
        (["serve", "--database-url", "mysql://u:hunter2@h/d"], "DATABASE_URL"),
    ] {
        let ended = run(ryadom(folder.path(), &arguments));
        assert!(matches!(ended.code, Some(1 | 2)), "{arguments:?}: {ended:?}");
        assert!(ended.stderr.contains(word), "{arguments:?}: {ended:?}");
        assert!(!ended.stderr.contains("hunter2"), "{ended:?}");
    }
}

#[test]
fn a_view_cache_of_any_size_starts() {
    let folder = tempdir().unwrap();
    for size in ["0", "1", "18446744073709551615"] {
        let served = serve(folder.path(), &["--view-cache-mib", size]);
        assert_eq!(served.get("/api/v1/locations/nearest?lon=42&lat=45&q=x&category=museum,cafe").0, 200, "{size}");
    }
}

#[test]
fn openapi_is_printed_and_nothing_else_happens() {
    let folder = tempdir().unwrap();
    let ended = run(ryadom(folder.path(), &["openapi"]));
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let document: serde_json::Value = serde_json::from_str(&ended.stdout).expect("JSON and nothing else");
    assert_eq!(document, serde_json::from_str::<serde_json::Value>(&ryadom::http::openapi_json()).unwrap());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing was made");
    // And by the binary that serves.
    let served = serve_with(folder.path(), &[], &[("RYADOM_LOG", "off")]);
    let (status, body) = served.get("/openapi.json");
    assert_eq!((status, serde_json::from_str::<serde_json::Value>(&body).unwrap()), (200, document));
    let (ended, took) = served.terminate();
    assert_eq!(ended.code, Some(0));
    assert!(took < Duration::from_secs(10));
}
