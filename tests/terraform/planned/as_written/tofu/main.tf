resource "terraform_data" "desk" {
  input = "terraform"
}
