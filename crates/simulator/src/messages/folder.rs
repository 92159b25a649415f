//! Days written to folders, or as one stream.

use std::io::{self, Write};
use std::path::Path;

use super::{Day, Days, Plan};

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Days.
    pub days: u32,
    /// Messages, the schedule included.
    pub messages: u64,
    /// Bytes, without the truth.
    pub bytes: u64,
}

/// The schedule of a day.
pub const SCHEDULE: &str = "schedule.ssim";
/// Folder that nobody but the grader reads.
pub const TRUTH: &str = "truth";

/// Writes each day into a folder of its own in `folder`, named by the date: messages do not say which
/// year it is. `tell` is called after each day and ends the work by `false`.
///
/// # Errors
/// When a file cannot be written.
pub fn write(
    plan: Plan,
    folder: &Path,
    mut tell: impl FnMut(&Day, &Written) -> bool,
) -> io::Result<Written> {
    let mut written = Written::default();
    for day in Days::new(plan) {
        write_day(&day, &folder.join(day.date.to_string()), &mut written)?;
        if !tell(&day, &written) {
            break;
        }
    }
    Ok(written)
}

fn write_day(day: &Day, into: &Path, written: &mut Written) -> io::Result<()> {
    std::fs::create_dir_all(into.join(TRUTH))?;
    let mut put = |name: &str, bytes: &[u8]| {
        written.bytes += bytes.len() as u64;
        std::fs::write(into.join(name), bytes)
    };
    put(SCHEDULE, day.schedule.as_bytes())?;
    for post in &day.posts {
        put(&post.name, &post.bytes)?;
    }
    put("coupons.csv", day.coupons.as_bytes())?;
    put("web.ndjson", day.web.as_bytes())?;
    let truth = into.join(TRUTH);
    std::fs::write(truth.join("passengers.csv"), &day.truth.passengers)?;
    std::fs::write(truth.join("people.csv"), &day.truth.people)?;
    std::fs::write(truth.join("legs.csv"), &day.truth.legs)?;
    let mut faults = String::from("file,fault\n");
    for post in &day.posts {
        if let Some(fault) = post.fault {
            faults.push_str(&format!("{},{}\n", post.name, fault.word()));
        }
    }
    std::fs::write(truth.join("faults.csv"), faults)?;
    written.days += 1;
    written.messages += day.posts.len() as u64 + 1;
    Ok(())
}

/// Writes the days as one stream of messages in the order of arrival, each in a frame of `ZCZC` and
/// `NNNN`, the schedule of each day first. Coupons, the website and the truth are not in it.
///
/// # Errors
/// When the stream breaks off.
pub fn stream(plan: Plan, out: &mut impl Write) -> io::Result<Written> {
    let mut written = Written::default();
    for day in Days::new(plan) {
        let schedule = day.schedule.as_bytes();
        let messages = day.posts.iter().map(|post| post.bytes.as_slice());
        for bytes in std::iter::once(schedule).chain(messages) {
            out.write_all(b"ZCZC\r\n")?;
            out.write_all(bytes)?;
            if !bytes.ends_with(b"\n") {
                out.write_all(b"\r\n")?;
            }
            out.write_all(b"NNNN\r\n")?;
            written.messages += 1;
            written.bytes += bytes.len() as u64 + 12;
        }
        written.days += 1;
        out.flush()?;
    }
    Ok(written)
}
