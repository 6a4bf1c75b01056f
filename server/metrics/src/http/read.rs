//! Remote read: series as they were written, for another Prometheus or to take one's data elsewhere.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::Metrics;
use crate::http::json::Failure;
use crate::http::query::MayRead;
use crate::remote_read::Refused;

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Failed(error) => Self::from(error),
            other => Self::bad_data(other.to_string()),
        }
    }
}

/// `POST /api/v1/read`.
pub(crate) async fn read(State(metrics): State<Arc<Metrics>>, _: MayRead, body: Bytes) -> Result<Response, Failure> {
    let packed: Vec<u8> = metrics.remote_read(body.to_vec()).await?;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/x-protobuf")),
        (CONTENT_ENCODING, HeaderValue::from_static("snappy")),
    ];
    Ok((headers, packed).into_response())
}
