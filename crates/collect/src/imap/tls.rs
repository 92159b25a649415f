//! Whose certificates are trusted, and what is wrong with one that is not.

use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{CertificateError, ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::pipe::Pipe;
use super::{Mailbox, Trust};
use crate::timeouts::within;
use crate::{Error, Result, Step};

impl Mailbox {
    /// Puts TLS over an open connection.
    pub(super) async fn protect(&self, stream: TcpStream) -> Result<Pipe> {
        let roots = self.trust.roots().await?;
        let config =
            ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
                .with_safe_default_protocol_versions()
                .map_err(|_| Error::Setting("TLS"))?
                .with_root_certificates(roots)
                .with_no_client_auth();
        let name = ServerName::try_from(self.host.clone()).map_err(|_| Error::Setting("host"))?;
        let shaking = TlsConnector::from(Arc::new(config)).connect(name, stream);
        let shaken = within(self.timeouts.step, &self.host, Step::Secure, shaking).await?;
        match shaken {
            Ok(stream) => Ok(Pipe::Tls(Box::new(stream))),
            Err(error) => Err(self.not_protected(&error)),
        }
    }

    fn not_protected(&self, error: &std::io::Error) -> Error {
        let (host, step) = (self.host.clone(), Step::Secure);
        let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
        match inner {
            Some(rustls::Error::InvalidCertificate(why)) => {
                Error::Certificate { host, reason: in_words(why) }
            }
            Some(rustls::Error::NoCertificatesPresented) => {
                Error::Certificate { host, reason: "it shows none" }
            }
            Some(rustls::Error::InvalidMessage(_)) => {
                let what = "no TLS at this port; it may be one for STARTTLS";
                Error::Protocol { host, step, what }
            }
            Some(_) => Error::Protocol { host, step, what: "the two sides cannot agree on TLS" },
            None => Error::Lost { host, step },
        }
    }
}

fn in_words(why: &CertificateError) -> &'static str {
    match why {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "it has expired",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "it is not valid yet"
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "it is for another name"
        }
        CertificateError::UnknownIssuer => "its issuer is not known",
        CertificateError::Revoked => "it was revoked",
        _ => "it is not valid",
    }
}

impl Trust {
    async fn roots(&self) -> Result<RootCertStore> {
        let mut roots = RootCertStore::empty();
        match self {
            Self::Public => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
            Self::File(path) => {
                let bad = || Error::Setting("certificate file");
                let pem = tokio::fs::read(path).await.map_err(|_| bad())?;
                for certificate in CertificateDer::pem_slice_iter(&pem) {
                    roots.add(certificate.map_err(|_| bad())?).map_err(|_| bad())?;
                }
                if roots.is_empty() {
                    return Err(bad());
                }
            }
        }
        Ok(roots)
    }
}
