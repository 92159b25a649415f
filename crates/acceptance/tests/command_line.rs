//! The real binary, as an operator runs it: demo, checks, backup and restore, a killed import.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// The program beside this test in the target folder, or `None` after saying that it is missing.
fn program() -> Option<PathBuf> {
    let test = std::env::current_exe().unwrap();
    let folder = test.parent().and_then(Path::parent).unwrap().to_owned();
    let program = folder.join(format!("jetbridge{}", std::env::consts::EXE_SUFFIX));
    if program.is_file() {
        return Some(program);
    }
    eprintln!("skipped: {} is not built (cargo build -p cli)", program.display());
    None
}

struct Machine {
    program: PathBuf,
    folder: TempDir,
}

impl Machine {
    fn new() -> Option<Self> {
        Some(Self { program: program()?, folder: tempfile::tempdir().unwrap() })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, data: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .current_dir(self.folder.path())
            .env_clear()
            .env("LANG", "C")
            .args(["--data-dir", data])
            .args(arguments)
            .stdin(Stdio::null());
        command
    }

    fn run(&self, data: &str, arguments: &[&str]) -> Output {
        self.command(data, arguments).output().unwrap()
    }

    /// Standard output of a command that must end well.
    fn good(&self, data: &str, arguments: &[&str]) -> String {
        let output = self.run(data, arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(&self, data: &str, arguments: &[&str]) -> Value {
        let mut all = vec!["--format", "json"];
        all.extend(arguments);
        serde_json::from_str(&self.good(data, &all)).unwrap()
    }
}

#[test]
fn the_demo_fills_an_empty_folder_once_and_survives_backup_and_restore() {
    let Some(machine) = Machine::new() else { return };
    machine.good("a", &["demo", "--members", "800", "--no-serve"]);
    let run = machine.json("a", &["value", "show", "latest"]);
    assert!(run["rows_read"].as_u64().unwrap() > 400, "{run}");
    assert_eq!(run["names"].as_array().unwrap().len(), 5);
    for key in ["rows_valued", "dropped", "features", "k", "inertia", "centres", "sizes"] {
        assert!(!run[key].is_null(), "{key} is missing");
    }
    machine.good("a", &["demo", "--members", "800", "--no-serve"]);
    let runs = machine.json("a", &["value", "list"]);
    assert_eq!(runs.as_array().unwrap().len(), 1, "a second demo does nothing twice");
    machine.good("a", &["check"]);

    let archive = machine.path("backup.tar.zst");
    let archive = archive.to_str().unwrap();
    machine.good("a", &["backup", archive]);
    machine.good("b", &["restore", archive]);
    assert_eq!(machine.json("b", &["value", "show", "latest"]), run);
    machine.good("b", &["check"]);
    let refused = machine.run("b", &["restore", archive]);
    assert_eq!(refused.status.code(), Some(2), "a folder that is not empty is left alone");
}

#[test]
fn errors_end_with_a_hint_and_an_exit_code() {
    let Some(machine) = Machine::new() else { return };
    let missing = machine.run("a", &["value", "show", "0193a000-0000-7000-8000-000000000000"]);
    assert_eq!(missing.status.code(), Some(3));
    let said = String::from_utf8(missing.stderr).unwrap();
    assert!(said.starts_with("error: ") && said.contains("\n  hint: "), "{said}");
    assert!(missing.stdout.is_empty(), "talk stays out of the data");
    let wrong = machine.run("a", &["--config", "nowhere.toml", "migrate"]);
    assert_eq!(wrong.status.code(), Some(2));
}

#[test]
fn a_server_is_ready_within_seconds_and_stops_in_order() {
    let Some(machine) = Machine::new() else { return };
    machine.good("a", &["migrate"]);
    let began = Instant::now();
    let mut server = machine
        .command("a", &["serve", "--listen", "127.0.0.1:0"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = std::io::BufReader::new(server.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("Jetbridge: http://") {
        line.clear();
        assert!(std::io::BufRead::read_line(&mut said, &mut line).unwrap() > 0, "it ended early");
    }
    let took = began.elapsed();
    // A second is the aim on a quiet machine; tests run beside others.
    assert!(took < Duration::from_secs(5), "ready after {took:?}");
    terminate(server.id());
    let ended = server.wait().unwrap();
    assert!(ended.success(), "{ended}");
}

fn terminate(process: u32) {
    let done = Command::new("kill").args(["-TERM", &process.to_string()]).status().unwrap();
    assert!(done.success());
}

#[test]
fn an_import_that_is_killed_goes_on_and_loses_nothing() {
    let Some(machine) = Machine::new() else { return };
    let file = machine.path("members.csv");
    std::fs::write(&file, members(30_000)).unwrap();
    let import = ["import", "members", file.to_str().unwrap(), "--mapping", "members"];
    for wait in [700, 1_500] {
        let mut running = machine
            .command("a", &import)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(wait));
        // SIGKILL: no destructor runs, no transaction is ended.
        running.kill().unwrap();
        running.wait().unwrap();
    }
    machine.good("a", &import);
    machine.good("a", &["check"]);
    machine.good("b", &import);
    assert_eq!(count(&machine, "a"), 30_000);
    assert_eq!(count(&machine, "b"), 30_000);
}

/// Customers in a data folder, read past the program.
fn count(machine: &Machine, data: &str) -> i64 {
    let url = format!("sqlite:{}", machine.path(data).join("jetbridge.db").display());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let db = store::Db::open(&store::Config::new(url)).await.unwrap();
        let mut tx = db.read().await.unwrap();
        tx.value(store::sql("SELECT COUNT(*) FROM customer")).await.unwrap()
    })
}

/// Invented members in the layout of the generic mapping.
fn members(count: u64) -> String {
    let mut csv = String::from("member_no,name,gender,birth_date,city,country,tier,joined_on\n");
    for index in 0..count {
        let number = kernel::member_no::with_check(100_000_000 + index);
        let name = ["Lin Hao", "Marta Lindqvist", "周启明", "欧阳静"][(index % 4) as usize];
        let day = 1 + index % 28;
        csv.push_str(&format!(
            "{number},{name},f,1980-05-{day:02},广州,CN,gold,2015-03-{day:02}\n"
        ));
    }
    csv
}
