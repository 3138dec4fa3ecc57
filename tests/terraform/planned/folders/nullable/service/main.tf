variable "launch_type" {
  type    = string
  default = "FARGATE"
}

variable "strict" {
  type     = string
  default  = "FARGATE"
  nullable = false
}

variable "settings" {
  type = object({
    cpu    = optional(number, 256)
    memory = optional(number)
    nested = optional(object({
      on   = optional(bool, true)
      name = optional(string, "x")
    }), {})
    list = optional(list(string), ["a"])
  })
  default = {}
}

variable "strict_map" {
  type = map(object({
    size = optional(number, 1)
    kind = optional(string, "spot")
  }))
  default  = {}
  nullable = false
}

variable "numbers" {
  type    = list(number)
  default = []
}

variable "truth" {
  type    = bool
  default = false
}

variable "text" {
  type    = string
  default = ""
}

variable "anything" {
  type    = any
  default = {}
}

variable "pair" {
  type    = tuple([number, string])
  default = [0, ""]
}

variable "names" {
  type    = set(string)
  default = []
}

resource "aws_ecs_service" "this" {
  launch_type   = var.launch_type
  desired_count = var.settings == null ? 1 : var.settings.cpu
}

resource "aws_ecs_service" "strict" {
  launch_type = coalesce(var.strict, "NONE")
}

resource "aws_instance" "each" {
  for_each      = var.strict_map
  instance_type = "${each.value.kind}-${each.value.size}"
}

resource "aws_instance" "named" {
  for_each = var.names
  tags     = { Name = each.value }
}
