// main.rs - fetches pages with hyper on tokio: one task per request in flight, on all CPUs.
// http:// only.
use hyper::client::HttpConnector;
use hyper::{body::HttpBody, header::HeaderName, Body, Client, Request};
use serde_json::Value;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;
use std::time::Duration;

struct Job {
    urls: Vec<String>,
    headers: Vec<(HeaderName, String)>,
    fresh: bool,
    timeout: Duration,
    client: Client<HttpConnector>,
    next: AtomicUsize,
}

fn now_ns() -> u64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &mut time) };
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

fn texts(value: &Value) -> Vec<String> {
    let list = value.as_array().expect("a list");
    list.iter().map(|text| text.as_str().expect("a text").to_string()).collect()
}

fn read_job() -> (Job, usize) {
    let file = std::env::var("BENCH_JOB").expect("BENCH_JOB is not set");
    let text = std::fs::read(file).expect("cannot read the job");
    let job: Value = serde_json::from_slice(&text).expect("the job is not JSON");
    let urls = texts(&job["urls"]);
    let foreign = job["gzip"] == true || job["resolve"].as_object().map_or(false, |m| !m.is_empty());
    if foreign || urls.iter().any(|url| !url.starts_with("http://")) {
        eprintln!("this example has neither TLS nor gzip nor resolve");
        std::process::exit(1);
    }
    let headers = texts(&job["headers"]);
    let split = |line: &String| {
        let (name, value) = line.split_once(':').expect("no colon");
        (name.parse().expect("no header"), value.trim().to_string())
    };
    let fresh = job["connections"] == "fresh";
    let level = job["level"].as_u64().expect("no level") as usize;
    let keep = if fresh { 0 } else { level };
    let made = Job {
        headers: headers.iter().map(split).collect(),
        fresh,
        timeout: Duration::from_secs_f64(job["timeout_s"].as_f64().expect("no timeout")),
        client: Client::builder().pool_max_idle_per_host(keep).retry_canceled_requests(false).build_http(),
        next: AtomicUsize::new(0),
        urls,
    };
    (made, level)
}

// Returns status, bytes and checksum.
async fn get(job: &Job, url: &str) -> Result<String, hyper::Error> {
    let mut request = Request::builder().uri(url);
    for (name, value) in &job.headers {
        request = request.header(name, value);
    }
    if job.fresh {
        request = request.header("connection", "close");
    }
    let request = request.body(Body::empty()).expect("not a request");
    let mut response = job.client.request(request).await?;
    let (mut checksum, mut bytes) = (crc32fast::Hasher::new(), 0);
    while let Some(data) = response.body_mut().data().await {
        let data = data?;
        checksum.update(&data);
        bytes += data.len();
    }
    Ok(format!("{} {} {:08x}", response.status().as_u16(), bytes, checksum.finalize()))
}

async fn fetch(job: &Job, number: usize) -> String {
    let start = now_ns();
    let result = match tokio::time::timeout(job.timeout, get(job, &job.urls[number])).await {
        Ok(Ok(known)) => known,
        Ok(Err(error)) if error.is_connect() => format!("error connect: {error}"),
        Ok(Err(error)) => format!("error {error}"),
        Err(_) => "error timeout".to_string(),
    };
    format!("{} {} {} {}", number, start, now_ns(), result)
}

async fn work(job: Arc<Job>) -> Vec<String> {
    let mut lines = Vec::new();
    loop {
        let number = job.next.fetch_add(1, Ordering::Relaxed);
        if number >= job.urls.len() {
            return lines;
        }
        lines.push(fetch(&job, number).await);
    }
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("no runtime");
    let _inside = runtime.enter();
    let (job, level) = read_job();
    let job = Arc::new(job);
    println!("ready 1");
    std::io::stdin().read_line(&mut String::new()).expect("no go");
    let workers: Vec<_> = (0..level).map(|_| runtime.spawn(work(job.clone()))).collect();
    let lines = workers.into_iter().map(|worker| runtime.block_on(worker).expect("a worker failed"));
    let lines: Vec<String> = lines.flatten().collect();
    println!("done");
    println!("{}\nend", lines.join("\n"));
}
