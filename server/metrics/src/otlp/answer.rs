//! What an OTLP sender is told: `ExportMetricsServiceResponse` and `google.rpc.Status`, in the form of its request.
//!
//! ```text
//! ExportMetricsServiceResponse { ExportMetricsPartialSuccess partial_success = 1; }
//! ExportMetricsPartialSuccess  { int64 rejected_data_points = 1; string error_message = 2; }
//! Status                       { int32 code = 1; string message = 2; }
//! ```

use super::Form;
use crate::remote_write::put_bytes;
use crate::wire::put_uvarint;

impl Form {
    /// Of the answer and of the request.
    pub(crate) const fn content_type(self) -> &'static str {
        match self {
            Self::Protobuf => "application/x-protobuf",
            Self::Json => "application/json",
        }
    }

    /// Success; with a message when something was left out. A message without refused points is a warning.
    pub(crate) fn success(self, n_refused: u64, message: &str) -> Vec<u8> {
        match self {
            Self::Protobuf => {
                let mut answer: Vec<u8> = Vec::new();
                if !message.is_empty() {
                    put_bytes(&mut answer, 1, &number_and_text(n_refused, message));
                }
                answer
            }
            Self::Json if message.is_empty() => b"{\"partialSuccess\":{}}".to_vec(),
            Self::Json => {
                // 64-bit numbers are strings in protobuf's JSON.
                let partly = serde_json::json!({ "rejectedDataPoints": n_refused.to_string(), "errorMessage": message });
                serde_json::json!({ "partialSuccess": partly }).to_string().into_bytes()
            }
        }
    }

    /// Failure; `code` is one of gRPC's.
    pub(crate) fn status(self, code: u32, message: &str) -> Vec<u8> {
        match self {
            Self::Protobuf => number_and_text(u64::from(code), message),
            Self::Json => serde_json::json!({ "code": code, "message": message }).to_string().into_bytes(),
        }
    }
}

/// Both messages are a number in field 1 and a text in field 2; a zero is left out.
fn number_and_text(number: u64, text: &str) -> Vec<u8> {
    let mut message: Vec<u8> = Vec::new();
    if number > 0 {
        put_uvarint(&mut message, 1 << 3);
        put_uvarint(&mut message, number);
    }
    put_bytes(&mut message, 2, text.as_bytes());
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_in_kind() {
        assert!(Form::Protobuf.success(0, "").is_empty());
        assert_eq!(Form::Protobuf.success(3, "bad"), b"\x0a\x07\x08\x03\x12\x03bad");
        assert_eq!(Form::Protobuf.status(8, "no"), b"\x08\x08\x12\x02no");
        assert_eq!(Form::Json.success(0, ""), b"{\"partialSuccess\":{}}");
        assert_eq!(
            String::from_utf8(Form::Json.success(3, "bad")).unwrap(),
            r#"{"partialSuccess":{"errorMessage":"bad","rejectedDataPoints":"3"}}"#
        );
        assert_eq!(String::from_utf8(Form::Json.status(8, "no")).unwrap(), r#"{"code":8,"message":"no"}"#);
    }
}
