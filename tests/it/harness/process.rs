//! The service as a process: started, asked, killed.

use super::LIMIT;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// The binary with nothing of this environment's settings, in a folder.
pub fn ryadom(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ryadom"));
    for (name, _) in std::env::vars_os() {
        if name == "DATABASE_URL" || name.to_string_lossy().starts_with("RYADOM_") {
            command.env_remove(name);
        }
    }
    command.current_dir(folder).args(arguments).stdin(Stdio::null());
    command
}

/// The address of the store that [`serve`] uses in a folder.
pub fn database(folder: &Path) -> String {
    format!("sqlite://{}", folder.join("ryadom.db").display())
}

/// A command that has ended.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// Runs a command to its end, which must come within [`LIMIT`].
pub fn run(mut command: Command) -> Ended {
    let mut running = Running::start(&mut command);
    let status = running.end_within(LIMIT);
    running.ended(status)
}

/// A command under way; killed when it is dropped.
pub struct Running {
    child: Child,
    stdout: Receiver<String>,
    stderr: Receiver<String>,
}

fn lines(from: impl Read + Send + 'static) -> Receiver<String> {
    let (tell, told) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            if tell.send(line).is_err() {
                return;
            }
        }
    });
    told
}

impl Running {
    /// Starts a command.
    pub fn start(command: &mut Command) -> Self {
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary of this build");
        let stdout = lines(child.stdout.take().expect("piped"));
        let stderr = lines(child.stderr.take().expect("piped"));
        Self { child, stdout, stderr }
    }

    /// SIGKILL at the first moment at which the condition holds; answers whether it was still running then. For what
    /// must survive a kill in its middle (an import, a migration): `kill_9_when(|| rows() > 500)`.
    pub fn kill_9_when(mut self, mut reached: impl FnMut() -> bool) -> bool {
        let began = Instant::now();
        while !reached() {
            if self.child.try_wait().expect("a child").is_some() {
                return false;
            }
            assert!(began.elapsed() < LIMIT, "the moment to kill did not come within {LIMIT:?}");
            std::thread::sleep(Duration::from_micros(200));
        }
        self.child.kill().expect("SIGKILL");
        self.child.wait().expect("a child").code().is_none()
    }

    /// Listens to its standard output until that holds what is waited for, or it has ended; answers what was heard.
    pub fn hear_until(&mut self, mut enough: impl FnMut(&str) -> bool) -> String {
        let began = Instant::now();
        let mut heard = String::new();
        while !enough(&heard) {
            match self.stdout.recv_timeout(LIMIT.saturating_sub(began.elapsed())) {
                Ok(line) => {
                    heard.push_str(&line);
                    heard.push('\n');
                }
                Err(e) => panic!("it did not say what was waited for ({e}): {heard}"),
            }
        }
        heard
    }

    /// SIGKILL, now; whether it was still running, and what it had said by then beyond what was heard.
    pub fn kill_9_and_hear(mut self) -> (bool, String) {
        let running = self.child.try_wait().expect("a child").is_none();
        self.child.kill().ok();
        let killed = running && self.child.wait().expect("a child").code().is_none();
        let rest = self.stdout.iter().fold(String::new(), |all, line| all + &line + "\n");
        (killed, rest)
    }

    /// SIGTERM.
    pub fn terminate(&self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().expect("kill").success());
    }

    /// How it ended; panics when it does not in time.
    pub fn end_within(&mut self, limit: Duration) -> ExitStatus {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return status;
            }
            assert!(began.elapsed() < limit, "the process runs on after {limit:?}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Everything it said, once it has ended.
    pub fn ended(mut self, status: ExitStatus) -> Ended {
        let said = |lines: &Receiver<String>| lines.iter().fold(String::new(), |all, line| all + &line + "\n");
        let ended = Ended { code: status.code(), stdout: said(&self.stdout), stderr: said(&self.stderr) };
        self.child.kill().ok();
        ended
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Ended already, or a test failed: it must not outlive the test.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// A service that has said where it listens.
pub struct Served {
    pub running: Running,
    pub address: SocketAddr,
}

/// `serve` on the SQLite file of a folder and a free port.
pub fn serve(folder: &Path, more: &[&str]) -> Served {
    serve_with(folder, more, &[])
}

/// The same with variables.
pub fn serve_with(folder: &Path, more: &[&str], variables: &[(&str, &str)]) -> Served {
    let mut command = ryadom(folder, &["serve", "--listen", "127.0.0.1:0", "--database-url", &database(folder)]);
    command.args(more).envs(variables.iter().copied());
    Served::of(Running::start(&mut command))
}

impl Served {
    /// Waits until a service says where it is.
    pub fn of(mut running: Running) -> Self {
        loop {
            match running.stdout.recv_timeout(LIMIT) {
                Ok(line) => {
                    if let Some((_, address)) = line.split_once(" is at http://") {
                        return Self { address: address.trim().parse().expect("an address"), running };
                    }
                }
                Err(e) => {
                    running.child.kill().ok();
                    let status = running.child.wait().expect("a child");
                    panic!("the service did not start ({e}): {:?}", running.ended(status));
                }
            }
        }
    }

    /// Status and body of a GET.
    pub fn get(&self, path: &str) -> (u16, String) {
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"))
    }

    /// Sends a request as it stands; status and everything after the head.
    pub fn ask(&self, request: &str) -> (u16, String) {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).expect("sent");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("an answer");
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).expect("a status");
        (status, body.to_owned())
    }

    /// A connection that says nothing yet.
    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("the service listens");
        stream.set_read_timeout(Some(LIMIT)).expect("a timeout");
        stream
    }

    /// SIGKILL, now.
    pub fn kill_9(self) {
        assert!(self.running.kill_9_when(|| true), "it had ended by itself");
    }

    /// SIGTERM; how it ended and how long that took.
    pub fn terminate(mut self) -> (Ended, Duration) {
        let began = Instant::now();
        self.running.terminate();
        let status = self.running.end_within(Duration::from_secs(10));
        let took = began.elapsed();
        (self.running.ended(status), took)
    }
}
