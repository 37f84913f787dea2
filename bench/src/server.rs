//! The PostgreSQL server that measurements share, which `scripts/with-postgres.sh` starts.

use store::testing::{Cluster, Database, SERVER_VARIABLE};
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::{Client, NoTls};

/// An empty database on the server, removed when dropped; nothing where no server was started.
pub fn database() -> Option<Database> {
    if std::env::var_os(SERVER_VARIABLE).is_none() {
        eprintln!("without PostgreSQL: run under scripts/with-postgres.sh, as `make bench` does");
        return None;
    }
    Some(Cluster::shared().database().expect("the server answers"))
}

/// A runtime of one thread: what drives clients must not take the server's processor time.
pub fn runtime() -> Runtime {
    let built = Builder::new_current_thread().enable_all().build();
    built.expect("a runtime needs nothing but memory and a few file handles")
}

/// A connection of one's own, driven by a task of the runtime it is made on.
pub async fn connect(url: &str) -> Client {
    let connecting = tokio_postgres::connect(url, NoTls).await;
    let (client, connection) = connecting.expect("the server takes one more connection");
    tokio::spawn(connection);
    client
}

/// How the server is set up, one line. A server that does not wait for the disk is no peer.
pub fn describe(url: &str) -> String {
    let setting = async |client: &Client, name: &str| -> String {
        let row = client.query_one("select current_setting($1)", &[&name]).await;
        row.expect("the server has the setting").get(0)
    };
    runtime().block_on(async {
        let client = connect(url).await;
        for name in ["fsync", "synchronous_commit", "full_page_writes"] {
            let value = setting(&client, name).await;
            assert!(value == "on", "the server has {name} = {value}: it would not be durable");
        }
        let mut text = format!(
            "PostgreSQL {}, fsync, synchronous_commit and full_page_writes on",
            setting(&client, "server_version").await
        );
        for name in ["shared_buffers", "max_wal_size", "checkpoint_timeout", "wal_sync_method"] {
            text.push_str(&format!(", {name} {}", setting(&client, name).await));
        }
        text
    })
}
