variable "names" {
  type    = list(string)
  default = ["web", "worker"]
}

variable "debug" {
  default = true
}

locals {
  loop      = "%{for name in var.names}${name};%{endfor}"
  choice    = "%{if var.debug}debug%{else}quiet%{endif}"
  trimmed   = "a ${~" b "~} c"
  escaped   = "$${not} %%{not} \"quoted\" \u00e9\t|"
  single    = "${var.debug}"
  single_no = "${1 + 1}"
  joined    = "${var.debug}-${1 + 1}"
  heredoc   = <<EOT
plain ${var.names[0]}
  kept
EOT
  indented  = <<-EOT
    first
      second
    ${length(var.names)}
  EOT
  looped    = <<-EOT
    %{for name in var.names~}
    - ${name}
    %{endfor~}
    end
  EOT
  keyed     = "%{for at, name in var.names}${at}=${name}%{if at < 1}, %{endif}%{endfor}"
  nested    = "${upper("a-${lower("B")}")}"
  empty     = ""
  null_text = "${null == null ? "null" : "some"}"
  list      = ["${var.names[1]}", <<EOT
in a list
EOT
  ]
  user_data = base64encode(<<-EOT
    #!/bin/sh
    echo "${local.choice}" > /etc/mode
  EOT
  )
}

resource "aws_instance" "this" {
  user_data = local.looped
  tags = {
    "Name-${local.choice}" = local.joined
    (local.choice)         = "computed"
  }
}
