//! nginx with a certificate of a throw-away authority.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rcgen::CertificateParams;

use crate::harness::tls::Authority;
use crate::harness::{Home, wait_until};

/// A server that is killed when it is dropped.
pub(crate) struct Server {
    child: Child,
    port: u16,
    bundle: PathBuf,
}

impl Server {
    /// Serves a folder over TLS on a free port.
    pub(crate) fn new(program: &Path, home: &Home, root: &Path) -> Self {
        let authority = Authority::new();
        let names = ["localhost", "127.0.0.1"].map(str::to_owned);
        let parameters = CertificateParams::new(names).expect("parameters");
        let (certificate, key) = authority.identity(&parameters);
        home.write("nginx/certificate.pem", certificate.pem());
        home.write("nginx/key.pem", key.serialize_pem());
        let port = free_port();
        let prefix = home.path().join("nginx");
        home.write("nginx/nginx.conf", configuration(port, root, &prefix));
        let child = Command::new(program)
            .arg("-p")
            .arg(&prefix)
            .args(["-c", "nginx.conf", "-e", "error.log"])
            .stdin(Stdio::null())
            .spawn()
            .expect("nginx starts");
        let server = Self {
            child,
            port,
            bundle: authority.file(home),
        };
        wait_until("nginx listens", || {
            TcpStream::connect(server.address()).is_ok()
        });
        server
    }

    /// Returns the address of the server.
    pub(crate) fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    /// Returns the certificate of the authority.
    pub(crate) fn bundle(&self) -> &Path {
        &self.bundle
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    listener.local_addr().expect("an address").port()
}

fn configuration(port: u16, root: &Path, prefix: &Path) -> String {
    let temporary: String = ["client_body", "proxy", "fastcgi", "scgi", "uwsgi"]
        .map(|what| format!("{what}_temp_path {}/{what};\n", prefix.display()))
        .concat();
    // As superuser, nginx would switch to a user who cannot read the files.
    let is_superuser = fs::metadata("/proc/self").is_ok_and(|it| {
        use std::os::unix::fs::MetadataExt;
        it.uid() == 0
    });
    let user = if is_superuser { "user root;" } else { "" };
    format!(
        "{user}
daemon off;
master_process off;
pid nginx.pid;
events {{ worker_connections 256; }}
http {{
{temporary}
access_log off;
sendfile on;
tcp_nopush on;
default_type application/octet-stream;
ssl_protocols TLSv1.2 TLSv1.3;
server {{
listen 127.0.0.1:{port} ssl;
ssl_certificate certificate.pem;
ssl_certificate_key key.pem;
root {};
}}
}}
",
        root.display()
    )
}
