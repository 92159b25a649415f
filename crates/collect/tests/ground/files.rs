//! A file system in memory, served over SFTP, that can be made to misbehave.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};

use russh_sftp::protocol::{
    Attrs, Data, File, FileAttributes, FileMode, Handle, Name, OpenFlags, Status, StatusCode,
    Version,
};

/// The folder of all tests, as the server calls it.
pub const FOLDER: &str = "/srv/airline/out";

#[derive(Clone)]
pub enum Node {
    File(Content),
    Link(String),
    Folder,
}

#[derive(Clone)]
pub enum Content {
    Bytes(Vec<u8>),
    /// So many bytes, each made of its place.
    Endless(u64),
}

impl Content {
    fn size(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Endless(size) => *size,
        }
    }

    fn read(&self, offset: u64, len: usize) -> Vec<u8> {
        let end = self.size().min(offset + len as u64);
        match self {
            Self::Bytes(bytes) => {
                bytes.get(offset as usize..end as usize).unwrap_or_default().to_vec()
            }
            Self::Endless(_) => (offset..end).map(byte_at).collect(),
        }
    }
}

/// The byte at a place of an endless file.
pub fn byte_at(place: u64) -> u8 {
    (place % 251) as u8
}

/// What happens besides.
#[derive(Default)]
pub struct Mischief {
    /// The connection breaks when this byte of this file is asked for.
    pub cut: Option<(String, u64)>,
    /// A file gets longer when it is first read.
    pub grows: Option<String>,
    /// A file is written anew, under the same name, when it has been read.
    pub replaced: Option<String>,
    /// A file vanishes when it is first looked at alone.
    pub vanishes: Option<String>,
    /// A file nobody may open.
    pub locked: Option<String>,
    /// The server gives no more bytes at once.
    pub short: Option<usize>,
    /// Renaming is not allowed.
    pub fixed: bool,
    /// The listing tells no types.
    pub untyped: bool,
    /// Nothing is answered after the listing.
    pub silent: bool,
}

#[derive(Default)]
pub struct Disk {
    pub nodes: BTreeMap<String, (Node, u32)>,
    pub mischief: Mischief,
    /// Bytes asked for, of all files.
    pub asked: u64,
}

#[derive(Clone)]
pub struct Shared {
    pub disk: Arc<Mutex<Disk>>,
    pub kill: Arc<tokio::sync::Notify>,
}

impl Shared {
    pub fn new() -> Self {
        let mut disk = Disk::default();
        disk.nodes.insert(FOLDER.to_owned(), (Node::Folder, 1));
        Self { disk: Arc::new(Mutex::new(disk)), kill: Arc::default() }
    }

    pub fn lock(&self) -> MutexGuard<'_, Disk> {
        self.disk.lock().unwrap()
    }

    pub fn put(&self, name: &str, text: &str, mtime: u32) {
        let file = Node::File(Content::Bytes(text.as_bytes().to_vec()));
        self.lock().nodes.insert(format!("{FOLDER}/{name}"), (file, mtime));
    }

    pub fn node(&self, name: &str, node: Node, mtime: u32) {
        self.lock().nodes.insert(format!("{FOLDER}/{name}"), (node, mtime));
    }

    /// Names below the folder.
    pub fn names(&self) -> Vec<String> {
        let start = format!("{FOLDER}/");
        let disk = self.lock();
        disk.nodes.keys().filter_map(|path| path.strip_prefix(&start)).map(str::to_owned).collect()
    }

    pub fn text(&self, name: &str) -> Option<String> {
        match &self.lock().nodes.get(&format!("{FOLDER}/{name}"))?.0 {
            Node::File(Content::Bytes(bytes)) => String::from_utf8(bytes.clone()).ok(),
            _ => None,
        }
    }
}

impl Disk {
    fn follow(&self, path: &str) -> Option<(&Node, u32)> {
        let (node, mtime) = self.nodes.get(path)?;
        match node {
            Node::Link(to) => self.follow(to),
            node => Some((node, *mtime)),
        }
    }
}

fn attrs(node: &Node, mtime: u32) -> FileAttributes {
    let (mode, size) = match node {
        Node::File(content) => (FileMode::REG, content.size()),
        Node::Link(to) => (FileMode::LNK, to.len() as u64),
        Node::Folder => (FileMode::DIR, 0),
    };
    let mut attrs = FileAttributes { size: Some(size), mtime: Some(mtime), ..Default::default() };
    attrs.atime = Some(mtime);
    attrs.permissions = Some(0o644);
    attrs.set_type(mode);
    attrs
}

#[derive(Default)]
struct Listing {
    names: Vec<(String, FileAttributes)>,
}

/// One connection to the file system.
pub struct Server {
    shared: Shared,
    listings: HashMap<String, Listing>,
}

impl Server {
    pub fn new(shared: Shared) -> Self {
        Self { shared, listings: HashMap::new() }
    }

    fn ok(id: u32) -> Status {
        Status {
            id,
            status_code: StatusCode::Ok,
            error_message: String::new(),
            language_tag: "en".to_owned(),
        }
    }

    async fn perhaps_silent(&self) {
        if self.shared.lock().mischief.silent {
            std::future::pending::<()>().await;
        }
    }
}

fn touch(disk: &mut Disk, path: &str) {
    if let Some((Node::File(Content::Bytes(bytes)), mtime)) = disk.nodes.get_mut(path) {
        bytes.extend(b" and more");
        *mtime += 1;
    }
}

fn hit(mark: &mut Option<String>, path: &str) -> bool {
    let found = mark.as_ref().is_some_and(|name| path == format!("{FOLDER}/{name}"));
    if found {
        *mark = None;
    }
    found
}

impl russh_sftp::server::Handler for Server {
    type Error = StatusCode;

    fn unimplemented(&self) -> StatusCode {
        StatusCode::OpUnsupported
    }

    async fn init(&mut self, _: u32, _: HashMap<String, String>) -> Result<Version, StatusCode> {
        Ok(Version::new())
    }

    async fn realpath(&mut self, id: u32, path: String) -> Result<Name, StatusCode> {
        let path = match path.as_str() {
            "." => "/srv/airline".to_owned(),
            absolute if absolute.starts_with('/') => absolute.to_owned(),
            relative => format!("/srv/airline/{relative}"),
        };
        Ok(Name { id, files: vec![File::dummy(path)] })
    }

    async fn opendir(&mut self, id: u32, path: String) -> Result<Handle, StatusCode> {
        let disk = self.shared.lock();
        let Some((Node::Folder, _)) = disk.follow(&path) else {
            return Err(StatusCode::NoSuchFile);
        };
        let start = format!("{path}/");
        let mut names = vec![(".".to_owned(), attrs(&Node::Folder, 1))];
        for (path, (node, mtime)) in &disk.nodes {
            if let Some(name) = path.strip_prefix(&start).filter(|name| !name.contains("//")) {
                if name.contains('/') && !name.starts_with("..") {
                    continue;
                }
                let mut about = attrs(node, *mtime);
                if disk.mischief.untyped {
                    about.permissions = None;
                }
                names.push((name.to_owned(), about));
            }
        }
        drop(disk);
        let handle = format!("dir:{path}");
        self.listings.insert(handle.clone(), Listing { names });
        Ok(Handle { id, handle })
    }

    async fn readdir(&mut self, id: u32, handle: String) -> Result<Name, StatusCode> {
        let listing = self.listings.get_mut(&handle).ok_or(StatusCode::Failure)?;
        if listing.names.is_empty() {
            return Err(StatusCode::Eof);
        }
        let rest = listing.names.split_off(listing.names.len().min(100));
        let page = std::mem::replace(&mut listing.names, rest);
        let files = page.into_iter().map(|(name, attrs)| File::new(name, attrs)).collect();
        Ok(Name { id, files })
    }

    async fn lstat(&mut self, id: u32, path: String) -> Result<Attrs, StatusCode> {
        self.perhaps_silent().await;
        let mut disk = self.shared.lock();
        if hit(&mut disk.mischief.vanishes, &path) {
            disk.nodes.remove(&path);
        }
        let (node, mtime) = disk.nodes.get(&path).ok_or(StatusCode::NoSuchFile)?;
        Ok(Attrs { id, attrs: attrs(node, *mtime) })
    }

    async fn stat(&mut self, id: u32, path: String) -> Result<Attrs, StatusCode> {
        let disk = self.shared.lock();
        let (node, mtime) = disk.follow(&path).ok_or(StatusCode::NoSuchFile)?;
        Ok(Attrs { id, attrs: attrs(node, mtime) })
    }

    async fn open(
        &mut self,
        id: u32,
        path: String,
        _: OpenFlags,
        _: FileAttributes,
    ) -> Result<Handle, StatusCode> {
        let mut disk = self.shared.lock();
        if hit(&mut disk.mischief.locked, &path) {
            return Err(StatusCode::PermissionDenied);
        }
        match disk.follow(&path) {
            Some((Node::File(_), _)) => Ok(Handle { id, handle: path }),
            _ => Err(StatusCode::NoSuchFile),
        }
    }

    async fn fstat(&mut self, id: u32, handle: String) -> Result<Attrs, StatusCode> {
        let mut disk = self.shared.lock();
        let about = {
            let (node, mtime) = disk.follow(&handle).ok_or(StatusCode::NoSuchFile)?;
            attrs(node, mtime)
        };
        let read = disk.asked > 0;
        if read && hit(&mut disk.mischief.replaced, &handle) {
            touch(&mut disk, &handle);
        }
        Ok(Attrs { id, attrs: about })
    }

    async fn read(
        &mut self,
        id: u32,
        handle: String,
        offset: u64,
        len: u32,
    ) -> Result<Data, StatusCode> {
        let (cut, data) = {
            let mut disk = self.shared.lock();
            disk.asked += u64::from(len);
            if hit(&mut disk.mischief.grows, &handle) {
                touch(&mut disk, &handle);
            }
            let cut = disk.mischief.cut.as_ref().is_some_and(|(name, at)| {
                handle == format!("{FOLDER}/{name}")
                    && (offset..offset + u64::from(len)).contains(at)
            });
            let most = disk.mischief.short.unwrap_or(usize::MAX);
            let data = match disk.follow(&handle) {
                Some((Node::File(content), _)) => content.read(offset, (len as usize).min(most)),
                _ => return Err(StatusCode::Failure),
            };
            (cut, data)
        };
        if cut {
            self.shared.kill.notify_waiters();
            std::future::pending::<()>().await;
        }
        if data.is_empty() { Err(StatusCode::Eof) } else { Ok(Data { id, data }) }
    }

    async fn close(&mut self, id: u32, handle: String) -> Result<Status, StatusCode> {
        self.listings.remove(&handle);
        Ok(Self::ok(id))
    }

    async fn remove(&mut self, id: u32, path: String) -> Result<Status, StatusCode> {
        let gone = self.shared.lock().nodes.remove(&path);
        gone.map(|_| Self::ok(id)).ok_or(StatusCode::NoSuchFile)
    }

    async fn mkdir(
        &mut self,
        id: u32,
        path: String,
        _: FileAttributes,
    ) -> Result<Status, StatusCode> {
        let mut disk = self.shared.lock();
        if disk.mischief.fixed {
            return Err(StatusCode::PermissionDenied);
        }
        disk.nodes.insert(path, (Node::Folder, 1));
        Ok(Self::ok(id))
    }

    /// Overwrites, as some servers do.
    async fn rename(&mut self, id: u32, from: String, to: String) -> Result<Status, StatusCode> {
        let mut disk = self.shared.lock();
        if disk.mischief.fixed {
            return Err(StatusCode::PermissionDenied);
        }
        let node = disk.nodes.remove(&from).ok_or(StatusCode::NoSuchFile)?;
        disk.nodes.insert(to, node);
        Ok(Self::ok(id))
    }
}
