//! A proxy on loopback that forwards everything with a delay, which simulates a remote server. The delay does not limit the
//! bandwidth. Connections are opened without a delay.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

/// The size of a read in bytes.
const BLOCK: usize = 128 * 1024;
/// The capacity of the queue of each direction in blocks: 64 MiB, more than loopback carries during a delay.
const QUEUE: usize = 512;

/// Bytes and their time of delivery.
type Packet = (Instant, Vec<u8>);

/// Starts a proxy with this round trip to a server. It runs until the process exits.
pub(crate) fn start(server: SocketAddr, round_trip: Duration) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for near in listener.incoming().flatten() {
            if let Ok(far) = TcpStream::connect(server) {
                forward(&near, &far, round_trip / 2);
                forward(&far, &near, round_trip / 2);
            }
        }
    });
    address
}

/// Forwards one direction of a connection.
fn forward(from: &TcpStream, to: &TcpStream, time: Duration) {
    let _ = from.set_nodelay(true);
    let (from, to) = (from.try_clone(), to.try_clone());
    let (from, to) = (from.expect("a handle"), to.expect("a handle"));
    let (sender, receiver) = sync_channel(QUEUE);
    thread::spawn(move || send_later(from, time, &sender));
    thread::spawn(move || deliver(to, &receiver));
}

fn send_later(mut from: TcpStream, time: Duration, packets: &SyncSender<Packet>) {
    let mut block = vec![0; BLOCK];
    while let Ok(length) = from.read(&mut block) {
        let packet = (Instant::now() + time, block[..length].to_vec());
        if packets.send(packet).is_err() || length == 0 {
            break;
        }
    }
}

fn deliver(mut to: TcpStream, packets: &Receiver<Packet>) {
    for (when, bytes) in packets {
        thread::sleep(when.saturating_duration_since(Instant::now()));
        if bytes.is_empty() || to.write_all(&bytes).is_err() {
            break;
        }
    }
    // The other direction has its own end.
    let _ = to.shutdown(Shutdown::Write);
}
