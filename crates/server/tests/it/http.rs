//! The service as its clients meet it: started in process on a port of its own, asked over HTTP.

mod abuse;
mod at_service;
mod cases;
mod described;
mod documented;
mod endpoints;
mod house;
mod lists;
mod matrix;
mod oidc;
mod privacy;
mod provider;
mod search;
mod sign_in;
mod tls;
mod traces;
