variable "sizes" {
  type = "map"

  default = {
    web = "m5.large"
  }
}

variable "names" {
  type    = "list"
  default = ["till", "desk"]
}

variable "on" {
  default = "1"
}

variable "number" {
  default = "1"
}

resource "terraform_data" "web" {
  input = "${lookup(var.sizes, "web")}"
}

resource "terraform_data" "named" {
  count = "${length(var.names)}"
  input = "${element(var.names, count.index)}"
}

resource "terraform_data" "switched" {
  count = "${var.on ? 1 : 0}"
  input = "${var.names[0]}-${terraform_data.named.0.input}"
}

resource "terraform_data" "off" {
  count = "${1 - var.number}"
  input = "off"
}

resource "terraform_data" "listed" {
  input = ["${var.names}"]
}
