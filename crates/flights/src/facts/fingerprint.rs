//! A fingerprint of a fact's values: 63 bits, the same on every machine and in every version.

use store::Value;

/// FNV-1a over the values with their types and lengths.
pub(crate) struct Fingerprint(u64);

impl Fingerprint {
    pub fn of(values: &[Value]) -> i64 {
        let mut hash = Self(0xcbf2_9ce4_8422_2325);
        for value in values {
            hash.value(value);
        }
        // One bit less than a hash: the column is signed.
        i64::try_from(hash.0 >> 1).unwrap_or(i64::MAX)
    }

    fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Uuid(Some(v)) => self.tagged(1, v.as_bytes()),
            Value::Int(Some(v)) => self.tagged(2, &v.to_le_bytes()),
            Value::Float(Some(v)) => self.tagged(3, &v.to_bits().to_le_bytes()),
            Value::Bool(Some(v)) => self.tagged(4, &[u8::from(*v)]),
            Value::Text(Some(v)) => self.tagged(5, v.as_bytes()),
            Value::Time(Some(v)) => self.tagged(6, &v.timestamp_micros().to_le_bytes()),
            Value::Date(Some(v)) => self.tagged(7, v.to_string().as_bytes()),
            Value::Bytes(Some(v)) => self.tagged(8, v),
            Value::Json(Some(v)) => self.tagged(9, v.to_string().as_bytes()),
            _ => self.tagged(0, &[]),
        }
    }

    fn tagged(&mut self, tag: u8, bytes: &[u8]) {
        self.bytes(&[tag]);
        self.bytes(&bytes.len().to_le_bytes());
        self.bytes(bytes);
    }
}
