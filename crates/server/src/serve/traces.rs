//! Traces of requests for whoever watches many systems at once (OpenTelemetry), where a collector
//! is named. They leave in batches from a thread of their own: a collector that is slow or gone
//! delays nobody, and what it does not take is dropped.

use anyhow::Context as _;
use axum::http::{HeaderMap, Method};
use opentelemetry::KeyValue;
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry::trace::{Span as _, SpanKind, Status, Tracer as _, TracerProvider as _};
use opentelemetry_http::HeaderExtractor;
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};
use std::time::{Duration, SystemTime};

/// How long a collector may take for one batch, and for the last one when the service stops.
const PATIENCE: Duration = Duration::from_secs(5);

pub struct Traces {
    provider: SdkTracerProvider,
    tracer: SdkTracer,
    /// Reads of which trace of another system a request is a part (W3C Trace Context).
    context: TraceContextPropagator,
}

/// A request that was answered.
pub struct Answered<'a> {
    pub method: &'a Method,
    /// The path as the interface describes it, without anybody's numbers.
    pub route: &'a str,
    pub id: &'a str,
    pub status: u16,
    pub took: Duration,
}

impl Traces {
    /// Blocks.
    ///
    /// Errors: `collector` is not the address of one that is spoken to in plain HTTP, as an agent
    /// on this machine is.
    pub fn to(collector: &str) -> anyhow::Result<Self> {
        anyhow::ensure!(
            collector.starts_with("http://"),
            "[serve] traces 须以 http:// 开头 / [serve] traces begins with http://: {collector}"
        );
        // Its client asks for one, though it speaks plain HTTP here.
        super::choose_cryptography();
        let address = format!("{}/v1/traces", collector.trim_end_matches('/'));
        let exporter = SpanExporter::builder()
            .with_http()
            .with_endpoint(address)
            .with_timeout(PATIENCE)
            .build()
            .context("[serve] traces")?;
        let whose = Resource::builder_empty().with_service_name("piaohao").build();
        let provider =
            SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(whose).build();
        let tracer = provider.tracer("piaohao");
        Ok(Self { provider, tracer, context: TraceContextPropagator::new() })
    }

    /// Of whom a request says that it is a part.
    pub fn parent(&self, headers: &HeaderMap) -> opentelemetry::Context {
        self.context.extract(&HeaderExtractor(headers))
    }

    pub fn note(&self, parent: &opentelemetry::Context, one: &Answered<'_>) {
        let ended = SystemTime::now();
        let span = self
            .tracer
            .span_builder(format!("{} {}", one.method, one.route))
            .with_kind(SpanKind::Server)
            .with_start_time(ended - one.took)
            .with_attributes([
                KeyValue::new("http.request.method", one.method.to_string()),
                KeyValue::new("http.route", one.route.to_owned()),
                KeyValue::new("http.response.status_code", i64::from(one.status)),
                KeyValue::new("piaohao.request_id", one.id.to_owned()),
            ]);
        let mut span = span.start_with_context(&self.tracer, parent);
        if one.status >= 500 {
            span.set_status(Status::error(""));
        }
        span.end_with_timestamp(ended);
    }

    /// Sends what has not left yet. Blocks, for [`PATIENCE`] at most.
    pub fn stop(&self) {
        if let Err(error) = self.provider.shutdown_with_timeout(PATIENCE) {
            tracing::warn!(%error, "the last traces did not leave");
        }
    }
}
