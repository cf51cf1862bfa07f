//! `ryadom import`: files of places into the store, with progress, a summary and an exit status.
//!
//! Status: 0 every row is in (warnings included); 2 some rows were rejected; 1 an input could not be read to its end,
//! or the store failed.

use crate::domain::{Clock, Lang};
use crate::partners::importer::{RejectsTo, Retirement};
use crate::partners::{Format, ImportError, ImportOptions, ImportReport, Importer, Progress, Severity, Source};
use crate::store::Store;
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use std::fmt::Write as _;
use std::io::{IsTerminal, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Problems that are shown; all rejected rows are in the file of rejects.
const SHOWN_PROBLEMS: usize = 50;
/// How often a plain line tells the progress.
const PLAIN_EVERY_ROWS: u64 = 10_000;
/// The status of an import that rejected rows.
const SOME_REJECTED: u8 = 2;

/// What to import, and how.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// Files: CSV, XLSX, GeoJSON or NDJSON; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// The partner of rows that name none
    #[arg(long, value_name = "NAME")]
    pub partner: Option<String>,
    /// Take off the map what an earlier import brought (with --partner: what that partner has) and the files lack
    #[arg(long)]
    pub retire_missing: bool,
    /// Write nothing; say what would be written
    #[arg(long)]
    pub dry_run: bool,
    /// Where rejected rows go: a file, or a folder (by default FILE.rejects.csv or .ndjson in the current folder)
    #[arg(long, value_name = "PATH")]
    pub rejects: Option<PathBuf>,
    /// The format of the files; seen from their content when not given
    #[arg(long, value_enum)]
    pub format: Option<InputFormat>,
    /// The language of the report
    #[arg(long, value_enum, default_value = "ru")]
    pub lang: ReportLang,
    /// The report as JSON on standard output
    #[arg(long)]
    pub json: bool,
    /// No progress and no summary, only the status
    #[arg(long, short)]
    pub quiet: bool,
    /// How progress is shown; `plain` tells each committed batch on a line `written N`
    #[arg(long, value_enum, default_value = "auto")]
    pub progress: ProgressKind,
}

/// A format of the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum InputFormat {
    /// A table with a heading
    Csv,
    /// A FeatureCollection
    Geojson,
    /// A feature or flat object on each line
    Ndjson,
    /// A workbook
    Xlsx,
}

/// A language of the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportLang {
    /// Russian
    Ru,
    /// English
    En,
}

/// How progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProgressKind {
    /// A bar on a terminal, a line now and then elsewhere
    Auto,
    /// A line for each committed batch
    Plain,
    /// None
    None,
}

impl From<InputFormat> for Format {
    fn from(format: InputFormat) -> Self {
        match format {
            InputFormat::Csv => Self::Csv,
            InputFormat::Geojson => Self::GeoJson,
            InputFormat::Ndjson => Self::NdJson,
            InputFormat::Xlsx => Self::Xlsx,
        }
    }
}

impl From<ReportLang> for Lang {
    fn from(lang: ReportLang) -> Self {
        match lang {
            ReportLang::Ru => Self::Ru,
            ReportLang::En => Self::En,
        }
    }
}

/// Imports the files.
///
/// # Errors
/// [`ImportError`] when the store or the file of rejects fails; the caller shows it and answers 1.
pub async fn run(args: ImportArgs, store: Store, clock: &dyn Clock) -> Result<ExitCode, ImportError> {
    let lang = Lang::from(args.lang);
    let format = args.format.map(Format::from);
    let sources = args
        .files
        .iter()
        .map(|path| if path.as_os_str() == "-" { Source::stdin(format) } else { Source::file(path, format) });
    let rejects = match args.rejects {
        None => RejectsTo::Folder(PathBuf::from(".")),
        Some(path) if path.is_dir() => RejectsTo::Folder(path),
        Some(path) => RejectsTo::File(path),
    };
    let options = ImportOptions {
        partner: args.partner,
        retire_missing: args.retire_missing,
        dry_run: args.dry_run,
        rejects,
        lang,
    };
    let begun = Instant::now();
    let mut display = Display::new(if args.quiet { ProgressKind::None } else { args.progress }, lang, begun);
    let report = Importer::new(store, clock).run(sources.collect(), &options, |p| display.show(p)).await;
    display.finish();
    let report = report?;
    let elapsed = begun.elapsed();
    if args.json {
        let text = serde_json::to_string_pretty(&to_json(&report, lang, elapsed)).unwrap_or_default();
        // A closed pipe is the reader's choice.
        drop(writeln!(std::io::stdout(), "{text}"));
    } else if !args.quiet {
        eprint!("{}", summary(&report, &options, elapsed));
    }
    Ok(status(&report))
}

/// The exit status of a report.
pub fn status(report: &ImportReport) -> ExitCode {
    if !report.is_complete() || (report.retirement == Retirement::Withheld && report.rejected == 0) {
        ExitCode::FAILURE
    } else if report.rejected > 0 {
        ExitCode::from(SOME_REJECTED)
    } else {
        ExitCode::SUCCESS
    }
}

/// Progress on the screen.
struct Display {
    bar: Option<ProgressBar>,
    kind: ProgressKind,
    lang: Lang,
    begun: Instant,
    told: u64,
    written: u64,
}

impl Display {
    fn new(kind: ProgressKind, lang: Lang, begun: Instant) -> Self {
        let bar = (kind == ProgressKind::Auto && std::io::stderr().is_terminal()).then(|| {
            let bar = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed_precise} {msg}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        Self { bar, kind, lang, begun, told: 0, written: 0 }
    }

    fn show(&mut self, p: Progress) {
        let rate = p.rows as f64 / self.begun.elapsed().as_secs_f64().max(1e-3);
        let line = match self.lang {
            Lang::Ru => {
                format!("прочитано {}, записано {}, отклонено {}, {rate:.0} строк/с", p.rows, p.written, p.rejected)
            }
            Lang::En => format!("read {}, written {}, rejected {}, {rate:.0} rows/s", p.rows, p.written, p.rejected),
        };
        match (&self.bar, self.kind) {
            (Some(bar), _) => bar.set_message(line),
            (None, ProgressKind::Plain) if p.written > self.written => {
                // Flushed at once: who reads this may end us in the next moment.
                let mut out = std::io::stdout().lock();
                drop(writeln!(out, "written {}", p.written).and_then(|()| out.flush()));
            }
            (None, ProgressKind::Auto) if p.rows / PLAIN_EVERY_ROWS > self.told / PLAIN_EVERY_ROWS => {
                eprintln!("{line}");
            }
            _ => {}
        }
        self.told = p.rows;
        self.written = p.written;
    }

    fn finish(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

/// The report for people.
fn summary(report: &ImportReport, options: &ImportOptions, elapsed: Duration) -> String {
    let lang = options.lang;
    let mut s = String::new();
    for problem in report.problems.iter().take(SHOWN_PROBLEMS) {
        let mark = match problem.severity() {
            Severity::Reject => lang.pick("ОТКЛОНЕНО", "REJECTED"),
            Severity::Warning => lang.pick("замечание", "warning"),
        };
        let id = problem.id.as_deref().unwrap_or("-");
        let _ = writeln!(s, "{mark} [{id}] {} ({})", problem.sentence(lang), problem.code());
    }
    let all: u64 = report.by_code.values().sum();
    let hidden = all.saturating_sub(report.problems.len().min(SHOWN_PROBLEMS) as u64);
    if hidden > 0 {
        let _ = writeln!(s, "{} {hidden}", lang.pick("… и ещё:", "… and more:"));
    }
    if !report.by_code.is_empty() {
        let _ = writeln!(s, "\n{}", lang.pick("По видам:", "By kind:"));
    }
    for ((severity, code), n) in &report.by_code {
        let mark = match severity {
            Severity::Reject => lang.pick("отклонено", "rejected"),
            Severity::Warning => lang.pick("замечание", "warning"),
        };
        let _ = writeln!(s, "  {n:>9}  {mark}  {code}");
    }
    for source in &report.sources {
        if let Some(fault) = &source.fault {
            let _ = writeln!(s, "{}: {}", source.name, fault.message(lang));
        }
        if let Some(path) = &source.rejects {
            let _ = writeln!(
                s,
                "{}: {} {}",
                source.name,
                lang.pick("отклонённые строки — в файле", "rejected rows are in"),
                path.display()
            );
        }
    }
    let rate = report.rows as f64 / elapsed.as_secs_f64().max(1e-3);
    let _ = writeln!(s);
    if options.dry_run {
        let _ = writeln!(s, "{}", lang.pick("Пробный прогон: ничего не записано.", "Dry run: nothing was written."));
    }
    let mut line = |ru: &str, en: &str, n: u64| {
        let _ = writeln!(s, "  {:<22}{n:>9}", lang.pick(ru, en));
    };
    line("строк прочитано", "rows read", report.rows);
    line("новых мест", "new places", report.created);
    line("изменённых", "changed", report.changed);
    line("без изменений", "unchanged", report.unchanged);
    line("повторов", "repeated", report.repeated);
    line("отклонено", "rejected", report.rejected);
    line("замечаний", "warnings", report.warnings);
    match report.retirement {
        Retirement::NotAsked => {}
        Retirement::Retired(n) => line("снято с карты", "taken off the map", n),
        Retirement::Withheld => {
            let _ = writeln!(
                s,
                "  {}",
                lang.pick(
                    "Отсутствующие места оставлены: не все файлы прочитаны до конца или в них нет годных строк.",
                    "Missing places stay: an input was not read to its end, or held no good row."
                )
            );
        }
    }
    let _ = writeln!(s, "  {:.1} s, {rate:.0} {}", elapsed.as_secs_f64(), lang.pick("строк/с", "rows/s"));
    s
}

/// The report for programs.
fn to_json(report: &ImportReport, lang: Lang, elapsed: Duration) -> serde_json::Value {
    let retired = match report.retirement {
        Retirement::Retired(n) => json!(n),
        Retirement::NotAsked | Retirement::Withheld => serde_json::Value::Null,
    };
    let sources: Vec<serde_json::Value> = report
        .sources
        .iter()
        .map(|s| {
            json!({
                "name": s.name, "format": s.format, "encoding": s.encoding, "rows": s.rows, "rejected": s.rejected,
                "rejects": s.rejects,
                "fault": s.fault.as_ref().map(|f| json!({ "code": f.code(), "reason": f.message(lang) })),
            })
        })
        .collect();
    let by_code: Vec<serde_json::Value> = report
        .by_code
        .iter()
        .map(|((severity, code), n)| json!({ "severity": severity, "code": code, "count": n }))
        .collect();
    json!({
        "rows": report.rows, "created": report.created, "changed": report.changed, "unchanged": report.unchanged,
        "repeated": report.repeated, "rejected": report.rejected, "warnings": report.warnings, "retired": retired,
        "retirement_withheld": report.retirement == Retirement::Withheld,
        "seq": report.seq, "elapsed_ms": elapsed.as_millis() as u64, "by_code": by_code, "sources": sources,
        "problems": report.problems.iter().map(|p| p.to_json(lang)).collect::<Vec<_>>(),
    })
}
