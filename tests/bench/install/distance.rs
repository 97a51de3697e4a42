//! Distance: a proxy on loopback that hands on whatever it gets, later. However much is under way, it does not slow
//! down: what limits the speed is the distance alone. Only a connection itself is there at once.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

/// How much is read at once, in bytes.
const BLOCK: usize = 128 * 1024;
/// So many blocks may be under way in each direction: 64 MiB, more than loopback carries in any distance here.
const UNDER_WAY: usize = 512;

/// Bytes, and when they arrive.
type Packet = (Instant, Vec<u8>);

/// Opens a port that is so far away from a server, there and back. It stays until the program ends.
pub(crate) fn away(server: SocketAddr, round_trip: Duration) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for near in listener.incoming().flatten() {
            if let Ok(far) = TcpStream::connect(server) {
                carry(&near, &far, round_trip / 2);
                carry(&far, &near, round_trip / 2);
            }
        }
    });
    address
}

/// Carries one direction of a connection.
fn carry(from: &TcpStream, to: &TcpStream, time: Duration) {
    let _ = from.set_nodelay(true);
    let (from, to) = (from.try_clone(), to.try_clone());
    let (from, to) = (from.expect("a handle"), to.expect("a handle"));
    let (sender, receiver) = sync_channel(UNDER_WAY);
    thread::spawn(move || depart(from, time, &sender));
    thread::spawn(move || arrive(to, &receiver));
}

fn depart(mut from: TcpStream, time: Duration, packets: &SyncSender<Packet>) {
    let mut block = vec![0; BLOCK];
    while let Ok(length) = from.read(&mut block) {
        let packet = (Instant::now() + time, block[..length].to_vec());
        if packets.send(packet).is_err() || length == 0 {
            break;
        }
    }
}

fn arrive(mut to: TcpStream, packets: &Receiver<Packet>) {
    for (when, bytes) in packets {
        thread::sleep(when.saturating_duration_since(Instant::now()));
        if bytes.is_empty() || to.write_all(&bytes).is_err() {
            break;
        }
    }
    // The other direction ends by itself.
    let _ = to.shutdown(Shutdown::Write);
}
