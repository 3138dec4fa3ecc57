//! What Terraform's expressions are worth, asked of Terraform itself.

#[path = "terraform/mod.rs"]
mod terraform;
