locals {
  shared = "and both"
}
