//! SRV records, asked for by ourselves: the system's resolver gives addresses only.
//!
//! A stub: it asks the servers of `/etc/resolv.conf` one after the other, by UDP and, when the answer is cut, by TCP, and believes
//! only what answers its own question. No cache: answers are asked for every half minute. Sources: RFC 1035 (messages), RFC 2782 (SRV),
//! RFC 6891 (EDNS), resolv.conf(5).

mod message;

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};

use message::Reply;

const RESOLV_CONF: &str = "/etc/resolv.conf";
/// One server gets so long for one answer.
const PATIENCE: Duration = Duration::from_secs(3);
/// Each server is asked so often.
const ROUNDS: usize = 2;
/// As in resolv.conf(5).
const MOST_SERVERS: usize = 3;

/// Why records could not be had.
#[derive(Debug, thiserror::Error)]
pub enum DnsError {
    /// The network.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// It can't be asked for.
    #[error("not a name of DNS")]
    Name,
    /// A server that can't or won't.
    #[error("the server {server} answered with code {code}")]
    Refused {
        /// Which.
        server: SocketAddr,
        /// RFC 1035, 4.1.1.
        code: u8,
    },
    /// Nobody answered.
    #[error("no server answered in time")]
    TimedOut,
    /// The answer is no answer.
    #[error("the server {0} sent something that is no answer")]
    Malformed(SocketAddr),
}

/// Where a service is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Srv {
    /// Without the dot at its end.
    pub(super) target: String,
    pub(super) port: u16,
}

/// What `/etc/resolv.conf` says.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Settings {
    servers: Vec<SocketAddr>,
    search: Vec<String>,
    ndots: usize,
}

/// The records of `name`, or of the first name of the search list that has some; sorted. None when no such name exists.
pub(super) async fn srv(name: &str) -> Result<Vec<Srv>, DnsError> {
    let text: String = tokio::fs::read_to_string(RESOLV_CONF).await.unwrap_or_default();
    let settings: Settings = settings(&text);
    for full in candidates(name, &settings) {
        let records: Vec<Srv> = ask_all(&settings.servers, &full).await?;
        if !records.is_empty() {
            return Ok(records);
        }
    }
    Ok(Vec::new())
}

fn settings(text: &str) -> Settings {
    let mut settings = Settings { servers: Vec::new(), search: Vec::new(), ndots: 1 };
    for line in text.lines() {
        let mut words = line.split_whitespace();
        match words.next() {
            Some("nameserver") => {
                let address: Option<IpAddr> = words.next().and_then(|word| word.parse().ok());
                settings.servers.extend(address.map(|address| SocketAddr::new(address, 53)));
            }
            Some("search" | "domain") => settings.search = words.map(|word| word.trim_end_matches('.').to_owned()).collect(),
            Some("options") => {
                let ndots: Option<usize> = words.find_map(|word| word.strip_prefix("ndots:")).and_then(|n| n.parse().ok());
                settings.ndots = ndots.unwrap_or(settings.ndots);
            }
            _ => {}
        }
    }
    settings.servers.truncate(MOST_SERVERS);
    if settings.servers.is_empty() {
        settings.servers.push(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 53));
    }
    settings
}

/// The names to ask for, in order, none with a dot at its end.
fn candidates(name: &str, settings: &Settings) -> Vec<String> {
    if let Some(full) = name.strip_suffix('.') {
        return vec![full.to_owned()];
    }
    let mut names: Vec<String> =
        settings.search.iter().filter(|domain| !domain.is_empty()).map(|domain| format!("{name}.{domain}")).collect();
    let place: usize = if name.matches('.').count() >= settings.ndots { 0 } else { names.len() };
    names.insert(place, name.to_owned());
    names
}

/// Asks until one server says something.
async fn ask_all(servers: &[SocketAddr], name: &str) -> Result<Vec<Srv>, DnsError> {
    let mut last: DnsError = DnsError::TimedOut;
    for _ in 0..ROUNDS {
        for server in servers {
            match tokio::time::timeout(PATIENCE, ask(*server, name)).await {
                Ok(Ok(records)) => return Ok(records),
                Ok(Err(DnsError::Name)) => return Err(DnsError::Name),
                Ok(Err(error)) => last = error,
                Err(_) => {}
            }
        }
    }
    Err(last)
}

async fn ask(server: SocketAddr, name: &str) -> Result<Vec<Srv>, DnsError> {
    let [high, low, ..] = kernel::secrets::random_256();
    let id: u16 = u16::from_be_bytes([high, low]);
    let question: Vec<u8> = message::question(id, name).ok_or(DnsError::Name)?;
    let mut reply: Reply = by_udp(server, &question, id, name).await?;
    if reply == Reply::Cut {
        reply = by_tcp(server, &question, id, name).await?;
    }
    match reply {
        Reply::Records(mut records) => {
            records.sort();
            records.dedup();
            Ok(records)
        }
        Reply::Failed(code) => Err(DnsError::Refused { server, code }),
        Reply::Cut => Err(DnsError::Malformed(server)),
    }
}

/// The first datagram that answers our question; others may be somebody's guesses.
async fn by_udp(server: SocketAddr, question: &[u8], id: u16, name: &str) -> Result<Reply, DnsError> {
    let here: IpAddr = if server.is_ipv4() { IpAddr::V4(Ipv4Addr::UNSPECIFIED) } else { IpAddr::V6(Ipv6Addr::UNSPECIFIED) };
    let socket: UdpSocket = UdpSocket::bind(SocketAddr::new(here, 0)).await?;
    socket.connect(server).await?;
    socket.send(question).await?;
    let mut datagram: Vec<u8> = vec![0; 4_096];
    loop {
        let n: usize = socket.recv(&mut datagram).await?;
        if let Some(reply) = message::reply(&datagram[..n], id, name) {
            return Ok(reply);
        }
    }
}

async fn by_tcp(server: SocketAddr, question: &[u8], id: u16, name: &str) -> Result<Reply, DnsError> {
    let mut stream: TcpStream = TcpStream::connect(server).await?;
    let n: u16 = u16::try_from(question.len()).map_err(|_| DnsError::Name)?;
    let mut framed: Vec<u8> = n.to_be_bytes().to_vec();
    framed.extend_from_slice(question);
    stream.write_all(&framed).await?;
    let n: u16 = stream.read_u16().await?;
    let mut answer: Vec<u8> = vec![0; usize::from(n)];
    match stream.read_exact(&mut answer).await {
        Ok(_) => message::reply(&answer, id, name).ok_or(DnsError::Malformed(server)),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Err(DnsError::Malformed(server)),
        Err(error) => Err(DnsError::Io(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolv_conf_is_understood() {
        let text = "# comment\nnameserver 10.0.0.2\nnameserver fd00::2\nnameserver nonsense\nsearch a.example. b.example\noptions edns0 ndots:2\n";
        let expected = Settings {
            servers: vec!["10.0.0.2:53".parse().unwrap(), "[fd00::2]:53".parse().unwrap()],
            search: vec!["a.example".to_owned(), "b.example".to_owned()],
            ndots: 2,
        };
        assert_eq!(settings(text), expected);
        assert_eq!(settings("").servers, ["127.0.0.1:53".parse().unwrap()]);
    }

    #[test]
    fn the_search_list_comes_before_short_names_and_after_long_ones() {
        let settings = Settings { servers: vec![], search: vec!["x".to_owned()], ndots: 2 };
        assert_eq!(candidates("_m._tcp.y", &settings), ["_m._tcp.y", "_m._tcp.y.x"]);
        assert_eq!(candidates("_m._tcp", &settings), ["_m._tcp.x", "_m._tcp"]);
        assert_eq!(candidates("_m._tcp.", &settings), ["_m._tcp"]);
    }

    /// Answers one question by UDP, after a datagram nobody asked for.
    async fn serve_one(socket: UdpSocket, records: &'static [(&'static str, u16)], is_cut: bool) {
        let mut question: Vec<u8> = vec![0; 512];
        let (n, asker) = socket.recv_from(&mut question).await.unwrap();
        socket.send_to(b"not an answer", asker).await.unwrap();
        socket.send_to(&message::tests::answer(&question[..n], records, is_cut), asker).await.unwrap();
    }

    #[tokio::test]
    async fn a_server_is_asked_and_its_answer_sorted() {
        let socket: UdpSocket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let server: SocketAddr = socket.local_addr().unwrap();
        let serving = tokio::spawn(serve_one(socket, &[("b.x", 2), ("a.x", 1), ("a.x", 1)], false));
        let records: Vec<Srv> = ask_all(&[server], "_m._tcp.x").await.unwrap();
        serving.await.unwrap();
        let shown: Vec<String> = records.iter().map(|record| format!("{}:{}", record.target, record.port)).collect();
        assert_eq!(shown, ["a.x:1", "b.x:2"]);
    }

    #[tokio::test]
    async fn a_cut_answer_is_asked_for_again_by_tcp() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server: SocketAddr = listener.local_addr().unwrap();
        let socket: UdpSocket = UdpSocket::bind(server).await.unwrap();
        let by_udp = tokio::spawn(serve_one(socket, &[], true));
        let by_tcp = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let n: u16 = stream.read_u16().await.unwrap();
            let mut question: Vec<u8> = vec![0; usize::from(n)];
            stream.read_exact(&mut question).await.unwrap();
            let answer: Vec<u8> = message::tests::answer(&question, &[("a.x", 1)], false);
            stream.write_u16(u16::try_from(answer.len()).unwrap()).await.unwrap();
            stream.write_all(&answer).await.unwrap();
        });
        let records: Vec<Srv> = ask_all(&[server], "_m._tcp.x").await.unwrap();
        assert_eq!(records, [Srv { target: "a.x".to_owned(), port: 1 }]);
        by_udp.await.unwrap();
        by_tcp.await.unwrap();
    }

    #[tokio::test]
    async fn a_name_that_is_none_is_not_asked_for() {
        let nobody: SocketAddr = "127.0.0.1:1".parse().unwrap();
        assert!(matches!(ask_all(&[nobody], &"x".repeat(64)).await, Err(DnsError::Name)));
    }
}
