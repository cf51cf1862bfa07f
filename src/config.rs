//! Settings: defaults < file < environment < flags. The one place that reads the environment.

use crate::domain::Licence;
use clap::{Args, ValueEnum};
use serde::Deserialize;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Where the service listens when nobody says otherwise.
const LISTEN: &str = "127.0.0.1:8080";
/// The embedded store.
const DATABASE_URL: &str = "sqlite://./data/ryadom.db";
/// Where embedded stores live.
const DATA_DIR: &str = "./data";

/// Whom letters are from when nobody says otherwise.
const MAIL_FROM: &str = "Ryadom <noreply@localhost.localdomain>";

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// What may be set, by whichever way; absent is "not said here".
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Args)]
#[serde(deny_unknown_fields, default)]
pub struct Given {
    /// Address and port to listen on [default: 127.0.0.1:8080]
    #[arg(long, env = "RYADOM_LISTEN", global = true, value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// postgres://… (PostGIS) or sqlite://FILE [default: sqlite://./data/ryadom.db]
    #[arg(long, env = "DATABASE_URL", global = true, value_name = "URL", hide_env_values = true)]
    pub database_url: Option<Secret>,
    /// Folder of embedded stores [default: ./data]
    #[arg(long, env = "RYADOM_DATA_DIR", global = true, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Key of the write routes; without one they refuse everybody
    #[arg(long, env = "RYADOM_OPERATOR_TOKEN", global = true, value_name = "KEY", hide_env_values = true)]
    pub operator_token: Option<Secret>,
    /// What is logged, such as info or ryadom=debug [default: info]
    #[arg(long, env = "RYADOM_LOG", global = true, value_name = "FILTER")]
    pub log: Option<String>,
    /// How log lines look
    #[arg(long, env = "RYADOM_LOG_FORMAT", global = true, value_enum)]
    pub log_format: Option<LogFormat>,
    /// Bound of the views that filters make on first use, MiB [default: 64]
    #[arg(long, env = "RYADOM_VIEW_CACHE_MIB", global = true, value_name = "MIB")]
    pub view_cache_mib: Option<u64>,
    /// Bound of the tiles that are kept, MiB; 0 keeps none [default: 64]
    #[arg(long, env = "RYADOM_TILE_CACHE_MIB", global = true, value_name = "MIB")]
    pub tile_cache_mib: Option<u64>,
    /// Where visitors find this service, such as https://map.example.org; every address in its styles and documents
    /// begins with it [default: http:// and the host that was asked]
    #[arg(long, env = "RYADOM_PUBLIC_URL", global = true, value_name = "URL")]
    pub public_url: Option<String>,
    /// A map in the place of the built-in one: a PMTiles file, or the URL of a MapLibre style
    #[arg(long, env = "RYADOM_BASEMAP", global = true, value_name = "FILE.pmtiles|STYLE_URL")]
    pub basemap: Option<String>,
    /// Key that seals what the database must not read alone, 32 bytes as hex or base64 [default: on SQLite a file of
    /// its own beside the store; on PostGIS none, and then there are no credentials]
    #[arg(long, env = "RYADOM_SEALING_KEY", global = true, value_name = "KEY", hide_env_values = true)]
    pub sealing_key: Option<Secret>,
    /// Key that outside ids of families are hashed with, shared with the agency, VERSION:HEX [default: derived from the
    /// sealing key]
    #[arg(long, env = "RYADOM_OUTSIDE_ID_KEY", global = true, value_name = "VERSION:HEX", hide_env_values = true)]
    pub outside_id_key: Option<Secret>,
    /// An agency's system that is asked about families that applied: POST of the keyed hash of the outside id
    #[arg(long, env = "RYADOM_AGENCY_URL", global = true, value_name = "URL")]
    pub agency_url: Option<String>,
    /// The agency's bearer token
    #[arg(long, env = "RYADOM_AGENCY_TOKEN", global = true, value_name = "TOKEN", hide_env_values = true)]
    pub agency_token: Option<Secret>,
    /// Seconds after its half minute for which a code is still taken [default: 15]
    #[arg(long, env = "RYADOM_CODE_GRACE_S", global = true, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(0..=120))]
    pub code_grace_s: Option<u32>,
    /// Server that letters go out by: smtps://user:password@host, smtp://host:587?tls=required, smtp://host:25
    /// [default: none, and then nobody signs in by mail]
    #[arg(long, env = "RYADOM_SMTP_URL", global = true, value_name = "URL", hide_env_values = true)]
    pub smtp_url: Option<Secret>,
    /// Whom letters are from [default: Ryadom <noreply@localhost.localdomain>]
    #[arg(long, env = "RYADOM_MAIL_FROM", global = true, value_name = "ADDRESS")]
    pub mail_from: Option<String>,
    /// Show letters at /dev/mail and send none; on a loopback listener only
    #[arg(long, env = "RYADOM_DEV_MAIL", global = true, num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    pub dev_mail: Option<bool>,
    /// Proxies whose X-Forwarded-For is believed, such as 10.0.0.0/8,192.168.1.7 [default: none]
    #[arg(long, env = "RYADOM_TRUSTED_PROXIES", global = true, value_name = "NETWORKS")]
    pub trusted_proxies: Option<String>,
    /// Licence of the public layer, a name and the address of its text [default: CC BY 4.0
    /// https://creativecommons.org/licenses/by/4.0/]
    #[arg(long, env = "RYADOM_LICENCE", global = true, value_name = "NAME URL")]
    pub licence: Option<String>,
}

/// A value that no print shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl<'de> Deserialize<'de> for Secret {
    /// By hand: serde's own error for a value that is no text would show it.
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match toml::Value::deserialize(from)? {
            toml::Value::String(text) => Ok(Self(text)),
            _ => Err(serde::de::Error::custom("a text in quotation marks is needed")),
        }
    }
}

impl Secret {
    /// The value itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl std::str::FromStr for Secret {
    type Err = std::convert::Infallible;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

/// Every setting with its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// The store.
    pub database_url: Secret,
    /// Folder of embedded stores.
    pub data_dir: PathBuf,
    /// Key of the write routes.
    pub operator_token: Option<Secret>,
    /// What is logged.
    pub log: String,
    /// How log lines look.
    pub log_format: LogFormat,
    /// Bound of views made on first use.
    pub view_cache_bytes: u64,
    /// Bound of the tiles that are kept; 0 keeps none.
    pub tile_cache_bytes: u64,
    /// Where visitors find this service, without a slash at its end.
    pub public_url: Option<String>,
    /// The map under the places.
    pub basemap: BasemapSetting,
    /// What seals.
    pub sealing_key: Option<Secret>,
    /// What outside ids are hashed with.
    pub outside_id_key: Option<Secret>,
    /// An agency's system.
    pub agency_url: Option<String>,
    /// Its token.
    pub agency_token: Option<Secret>,
    /// Seconds for which an old code is still taken.
    pub code_grace_s: u32,
    /// Server that letters go out by.
    pub smtp_url: Option<Secret>,
    /// Whom letters are from.
    pub mail_from: String,
    /// Letters are shown on a page.
    pub dev_mail: bool,
    /// Whose forwarded headers are believed.
    pub trusted_proxies: Vec<ipnet::IpNet>,
    /// Of the public layer.
    pub licence: Licence,
}

/// Where the map under the places comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BasemapSetting {
    /// Out of the binary.
    Embedded,
    /// A PMTiles file.
    File(PathBuf),
    /// A MapLibre style of another host.
    StyleUrl(String),
}

/// Why settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file cannot be read.
    #[error("cannot read the settings file {path}: {source}")]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not TOML, or has a key that there is not.
    #[error("the settings file {path}: {message}")]
    File {
        /// Which file.
        path: PathBuf,
        /// What is wrong, with the line.
        message: String,
    },
    /// A variable of ours that there is not.
    #[error("there is no setting {0}; `ryadom --help` lists them")]
    UnknownVariable(String),
    /// A URL that is none.
    #[error("{key} is {value:?}; {wanted}")]
    Url {
        /// Which setting.
        key: &'static str,
        /// What it is.
        value: String,
        /// What it should be.
        wanted: &'static str,
    },
}

/// Variables of the tests, the build and the browser, which are no settings.
const OTHER_VARIABLES: &[&str] =
    &["RYADOM_CONFIG", "RYADOM_SKIP_STATIC", "RYADOM_STATIC_OUT", "RYADOM_BIN", "RYADOM_URL"];
const VARIABLES: &[&str] = &[
    "RYADOM_LISTEN",
    "RYADOM_DATA_DIR",
    "RYADOM_OPERATOR_TOKEN",
    "RYADOM_LOG",
    "RYADOM_LOG_FORMAT",
    "RYADOM_VIEW_CACHE_MIB",
    "RYADOM_TILE_CACHE_MIB",
    "RYADOM_PUBLIC_URL",
    "RYADOM_BASEMAP",
    "RYADOM_SEALING_KEY",
    "RYADOM_OUTSIDE_ID_KEY",
    "RYADOM_AGENCY_URL",
    "RYADOM_AGENCY_TOKEN",
    "RYADOM_CODE_GRACE_S",
    "RYADOM_SMTP_URL",
    "RYADOM_MAIL_FROM",
    "RYADOM_DEV_MAIL",
    "RYADOM_TRUSTED_PROXIES",
    "RYADOM_LICENCE",
];

impl Settings {
    /// Joins the ways: what `given` holds (flags, else environment) wins over the file, the file over the defaults.
    ///
    /// # Errors
    /// [`SettingsError`] names the file and the key.
    pub fn resolve(file: Option<&Path>, given: Given) -> Result<Self, SettingsError> {
        let from_file = file.map(read).transpose()?.unwrap_or_default();
        Ok(Self {
            listen: given
                .listen
                .or(from_file.listen)
                .unwrap_or_else(|| LISTEN.parse().expect("the default is an address")),
            database_url: given
                .database_url
                .or(from_file.database_url)
                .unwrap_or_else(|| Secret(DATABASE_URL.to_owned())),
            data_dir: given.data_dir.or(from_file.data_dir).unwrap_or_else(|| DATA_DIR.into()),
            operator_token: given
                .operator_token
                .or(from_file.operator_token)
                .filter(|token| !token.expose().is_empty()),
            log: given.log.or(from_file.log).unwrap_or_else(|| "info".to_owned()),
            log_format: given.log_format.or(from_file.log_format).unwrap_or_default(),
            view_cache_bytes: given.view_cache_mib.or(from_file.view_cache_mib).unwrap_or(64) << 20,
            tile_cache_bytes: given.tile_cache_mib.or(from_file.tile_cache_mib).unwrap_or(64) << 20,
            public_url: given.public_url.or(from_file.public_url).map(public_url).transpose()?.flatten(),
            basemap: given.basemap.or(from_file.basemap).as_deref().map_or(Ok(BasemapSetting::Embedded), basemap)?,
            sealing_key: given.sealing_key.or(from_file.sealing_key).filter(|key| !key.expose().is_empty()),
            outside_id_key: given.outside_id_key.or(from_file.outside_id_key).filter(|key| !key.expose().is_empty()),
            agency_url: given.agency_url.or(from_file.agency_url).map(agency_url).transpose()?.flatten(),
            agency_token: given.agency_token.or(from_file.agency_token).filter(|token| !token.expose().is_empty()),
            code_grace_s: given.code_grace_s.or(from_file.code_grace_s).unwrap_or(15),
            smtp_url: given.smtp_url.or(from_file.smtp_url).filter(|url| !url.expose().is_empty()),
            mail_from: given.mail_from.or(from_file.mail_from).unwrap_or_else(|| MAIL_FROM.to_owned()),
            dev_mail: given.dev_mail.or(from_file.dev_mail).unwrap_or_default(),
            trusted_proxies: given
                .trusted_proxies
                .or(from_file.trusted_proxies)
                .map(networks)
                .transpose()?
                .unwrap_or_default(),
            licence: given.licence.or(from_file.licence).map(licence).transpose()?.unwrap_or_default(),
        })
    }

    /// Refuses a variable that looks like a setting and is none: a misspelt one would be silently without effect.
    ///
    /// # Errors
    /// [`SettingsError::UnknownVariable`].
    pub fn check_variables(names: impl Iterator<Item = String>) -> Result<(), SettingsError> {
        for name in names {
            let ours = name.starts_with("RYADOM_") && !name.starts_with("RYADOM_TEST_");
            if ours && !VARIABLES.contains(&name.as_str()) && !OTHER_VARIABLES.contains(&name.as_str()) {
                return Err(SettingsError::UnknownVariable(name));
            }
        }
        Ok(())
    }
}

/// The URL without the slash at its end; an empty one counts as not given.
fn public_url(text: String) -> Result<Option<String>, SettingsError> {
    let url = text.trim().trim_end_matches('/');
    if url.is_empty() {
        return Ok(None);
    }
    if !is_web_url(url) || url.contains(['?', '#']) {
        let wanted = "it should be like https://map.example.org";
        return Err(SettingsError::Url { key: "public_url", value: text, wanted });
    }
    Ok(Some(url.to_owned()))
}

fn licence(text: String) -> Result<Licence, SettingsError> {
    let wanted = "it should be like CC BY 4.0 https://creativecommons.org/licenses/by/4.0/";
    text.parse().map_err(|_| SettingsError::Url { key: "licence", value: text, wanted })
}

fn agency_url(text: String) -> Result<Option<String>, SettingsError> {
    let url = text.trim();
    if !url.is_empty() && !is_web_url(url) {
        let wanted = "it should be like https://agency.example.org/status";
        return Err(SettingsError::Url { key: "agency_url", value: text, wanted });
    }
    Ok((!url.is_empty()).then(|| url.to_owned()))
}

/// Networks or single addresses, parted by commas.
fn networks(text: String) -> Result<Vec<ipnet::IpNet>, SettingsError> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    let read = |part: &str| part.parse().ok().or_else(|| Some(part.parse::<std::net::IpAddr>().ok()?.into()));
    let networks: Option<Vec<ipnet::IpNet>> = parts.map(read).collect();
    networks.ok_or(SettingsError::Url {
        key: "trusted_proxies",
        value: text,
        wanted: "it should be like 10.0.0.0/8,192.168.1.7",
    })
}

fn basemap(text: &str) -> Result<BasemapSetting, SettingsError> {
    let text = text.trim();
    match text.split_once("://") {
        _ if text.is_empty() => Ok(BasemapSetting::Embedded),
        None => Ok(BasemapSetting::File(text.into())),
        Some(_) if is_web_url(text) => Ok(BasemapSetting::StyleUrl(text.to_owned())),
        Some(_) => {
            let wanted = "it should be a PMTiles file or the URL (https://…) of a MapLibre style";
            Err(SettingsError::Url { key: "basemap", value: text.to_owned(), wanted })
        }
    }
}

fn is_web_url(url: &str) -> bool {
    let uri = url.parse::<axum::http::Uri>().ok();
    uri.is_some_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.authority().is_some_and(|a| !a.host().is_empty() && !a.as_str().contains('@'))
    })
}

fn read(path: &Path) -> Result<Given, SettingsError> {
    let text = std::fs::read_to_string(path).map_err(|source| SettingsError::Read { path: path.to_owned(), source })?;
    toml::from_str(&text).map_err(|e| SettingsError::File { path: path.to_owned(), message: place_of(&e, &text) })
}

/// What is wrong, with the line and its key; never the line itself, which may hold a secret.
fn place_of(error: &toml::de::Error, text: &str) -> String {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let number = before.matches('\n').count() + 1;
    let line = text.lines().nth(number - 1).unwrap_or_default();
    let key = line.split_once('=').map(|(key, _)| key.trim());
    let is_key = |key: &&str| key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    let key = key.filter(is_key).map(|key| format!(", {key}")).unwrap_or_default();
    format!("line {number}{key}: {}", error.message())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_win_over_the_file_and_the_file_over_defaults() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("ryadom.toml");
        std::fs::write(&file, "listen = \"127.0.0.1:9000\"\nlog = \"warn\"\n").unwrap();
        let given = Given { log: Some("debug".into()), ..Given::default() };
        let settings = Settings::resolve(Some(&file), given).unwrap();
        assert_eq!(settings.listen.port(), 9000);
        assert_eq!(settings.log, "debug");
        assert_eq!(settings.database_url.expose(), DATABASE_URL);
    }

    #[test]
    fn unknown_keys_and_variables_are_refused_by_name() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("ryadom.toml");
        std::fs::write(&file, "lisen = \"127.0.0.1:9000\"\n").unwrap();
        let error = Settings::resolve(Some(&file), Given::default()).unwrap_err().to_string();
        assert!(error.contains("lisen"), "{error}");
        let error = Settings::check_variables(["RYADOM_LISEN".to_owned()].into_iter()).unwrap_err().to_string();
        assert!(error.contains("RYADOM_LISEN"), "{error}");
        Settings::check_variables(VARIABLES.iter().map(|v| (*v).to_owned())).unwrap();
    }

    #[test]
    fn addresses_are_checked_and_a_map_is_a_file_or_a_style() {
        let resolve = |url: &str, map: &str| {
            let given = Given { public_url: Some(url.into()), basemap: Some(map.into()), ..Given::default() };
            Settings::resolve(None, given).map(|s| (s.public_url, s.basemap))
        };
        let style = "https://tiles.example.org/style.json?key=1";
        assert_eq!(
            resolve("https://map.example.org/", style).unwrap(),
            (Some("https://map.example.org".into()), BasemapSetting::StyleUrl(style.into()))
        );
        assert_eq!(resolve("", "./krai.pmtiles").unwrap(), (None, BasemapSetting::File("./krai.pmtiles".into())));
        assert_eq!(resolve("", "").unwrap().1, BasemapSetting::Embedded);
        for (url, map, key) in [
            ("map.example.org", "", "public_url"),
            ("ftp://a", "", "public_url"),
            ("https://a/?b", "", "public_url"),
            ("", "s3://bucket/a.pmtiles", "basemap"),
            ("", "https://u@a/", "basemap"),
        ] {
            let error = resolve(url, map).unwrap_err().to_string();
            assert!(error.starts_with(key), "{error}");
        }
    }

    #[test]
    fn secrets_are_hidden_in_every_print() {
        let given = Given {
            database_url: Some(Secret("postgres://u:hunter2@h/d".into())),
            operator_token: Some(Secret("hunter2".into())),
            ..Given::default()
        };
        let settings = Settings::resolve(None, given.clone()).unwrap();
        assert!(!format!("{given:?} {settings:?}").contains("hunter2"));
    }
}
