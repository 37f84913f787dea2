//! What the figures were measured on, and what this process takes of it.

use std::path::Path;

/// Processor, cores, memory and system, one line.
pub fn describe() -> String {
    let cpu = field("/proc/cpuinfo", "model name");
    let memory = field("/proc/meminfo", "MemTotal");
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let kilobytes: f64 = memory.trim_end_matches(" kB").parse().unwrap_or(0.0);
    let gibibytes = kilobytes / f64::from(1 << 20);
    let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!("{cpu}, {cores} cores, {gibibytes:.0} GiB, Linux {}", kernel.trim())
}

/// Load average of one, five and fifteen minutes.
pub fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().take(3).collect::<Vec<_>>().join(" ")
}

/// Resident memory of this process in bytes.
pub fn resident_bytes() -> f64 {
    let text = field("/proc/self/status", "VmRSS");
    text.trim_end_matches(" kB").parse::<f64>().unwrap_or(0.0) * 1024.0
}

/// User and system time of this process in seconds, all threads, those that ended included.
pub fn cpu_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = text.rsplit(')').next().unwrap_or_default();
    let fields: Vec<f64> =
        after.split_whitespace().map(|field| field.parse().unwrap_or(0.0)).collect();
    // Fields 14 and 15 of the line, in ticks of 1/100 s.
    (fields.get(11).unwrap_or(&0.0) + fields.get(12).unwrap_or(&0.0)) / 100.0
}

/// Seconds that this thread has run on a processor. The system adds them up when threads take
/// turns, so this one offers its turn first.
pub fn own_cpu_seconds() -> f64 {
    std::thread::yield_now();
    on_cpu(Path::new("/proc/thread-self"))
}

/// Seconds on a processor and waiting for one, of each thread of this process that has the name.
pub fn thread_seconds(name: &str) -> (f64, f64) {
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let named = tasks.map(|task| task.path()).filter(|task| {
        std::fs::read_to_string(task.join("comm")).is_ok_and(|comm| comm.trim() == name)
    });
    named.fold((0.0, 0.0), |sum, task| (sum.0 + on_cpu(&task), sum.1 + queued(&task)))
}

fn on_cpu(task: &Path) -> f64 {
    scheduled(task, 0)
}

/// Seconds that a thread was ready to run and the processors were taken by others.
fn queued(task: &Path) -> f64 {
    scheduled(task, 1)
}

fn scheduled(task: &Path, field: usize) -> f64 {
    let text = std::fs::read_to_string(task.join("schedstat")).unwrap_or_default();
    let nanoseconds = text.split_whitespace().nth(field).and_then(|text| text.parse().ok());
    nanoseconds.unwrap_or(0.0) / 1e9
}

fn field(path: &str, name: &str) -> String {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with(name));
    let value = line.and_then(|line| line.split_once(':')).map(|(_, value)| value.trim());
    value.unwrap_or("?").to_owned()
}
