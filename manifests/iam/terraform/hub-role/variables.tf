variable "role_name" {
  description = "The name that the operator roles trust."
  type        = string
  default     = "EcrShareHub"

  validation {
    condition     = can(regex("^[A-Za-z0-9+=,.@_-]{1,64}$", var.role_name))
    error_message = "Must be an IAM role name without a path."
  }
}

variable "trusted_principal_arns" {
  description = "Roles of people and of machines with AWS credentials. They must exist before this role does."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition = alltrue([
      for arn in var.trusted_principal_arns :
      can(regex("^arn:[a-z-]+:iam::[0-9]{12}:(role|user)/[A-Za-z0-9+=,.@_/-]+$", arn))
    ])
    error_message = "Must be ARNs of IAM roles or users."
  }
}

variable "github_subjects" {
  description = <<-EOT
    repo:ORG/REPO:environment:ecr-share for the hub that may write; repo:ORG/REPO:pull_request and
    repo:ORG/REPO:ref:refs/heads/main for the one that reviews.
  EOT
  type        = list(string)
  default     = []
  nullable    = false

  # One repository, spelled out: a wildcard there would let strangers' repositories in.
  validation {
    condition = alltrue([
      for subject in var.github_subjects :
      can(regex("^repo:[A-Za-z0-9_.@-]+/[A-Za-z0-9_.@-]+:[A-Za-z0-9_.:/@-]+$", subject))
    ])
    error_message = "Must be exact \"sub\" claims of GitHub Actions, such as repo:ORG/REPO:environment:ecr-share."
  }
}

variable "gitlab_subjects" {
  description = <<-EOT
    project_path:GROUP/PROJECT:ref_type:branch:ref:main for the hub that may write; the same with ref:* for the one
    that reviews.
  EOT
  type        = list(string)
  default     = []
  nullable    = false

  # "*" only at the end: merge request pipelines run under the name of any branch.
  validation {
    condition = alltrue([
      for subject in var.gitlab_subjects :
      can(regex("^project_path:[A-Za-z0-9_./-]+:ref_type:(branch|tag):ref:([A-Za-z0-9_./-]+|[*])$", subject))
    ])
    error_message = "Must be \"sub\" claims of gitlab.com, such as project_path:GROUP/PROJECT:ref_type:branch:ref:main."
  }
}

variable "oidc_audience" {
  description = "The \"aud\" claim of both. In the China regions the GitHub action is given sts.amazonaws.com.cn."
  type        = string
  default     = "sts.amazonaws.com"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_.:/-]+$", var.oidc_audience))
    error_message = "Must be the audience that the tokens name."
  }
}

variable "operator_role_name" {
  description = "The name of the role in the owner accounts."
  type        = string
  default     = "EcrShareOperator"

  validation {
    condition     = can(regex("^[A-Za-z0-9+=,.@_-]{1,64}$", var.operator_role_name))
    error_message = "Must be an IAM role name without a path."
  }
}

variable "organization_id" {
  description = "Recommended. Only roles in accounts of this organization can be assumed, whatever a matrix says."
  type        = string
  default     = null

  validation {
    condition     = var.organization_id == null || can(regex("^o-[a-z0-9]{10,32}$", var.organization_id))
    error_message = "Must be an organization id, such as o-a1b2c3d4e5."
  }
}

variable "allow_organization_reads" {
  description = <<-EOT
    true for matrices with ou-… consumers; the hub then belongs in the management account or in a delegated
    administrator's, the only ones that AWS Organizations answers.
  EOT
  type        = bool
  default     = false
  nullable    = false
}

variable "permissions_boundary_arn" {
  description = "Optional. A permissions boundary of this account."
  type        = string
  default     = null

  validation {
    condition = var.permissions_boundary_arn == null || can(regex(
      "^arn:[a-z-]+:iam::([0-9]{12}|aws):policy/[A-Za-z0-9+=,.@_/-]+$", var.permissions_boundary_arn
    ))
    error_message = "Must be the ARN of an IAM policy."
  }
}

variable "max_session_duration" {
  description = "Seconds. Longer than an hour helps CI only, whose session does not come from another role's."
  type        = number
  default     = 3600

  validation {
    condition     = var.max_session_duration >= 3600 && var.max_session_duration <= 43200
    error_message = "Must be between 3600 and 43200 seconds."
  }
}

variable "tags" {
  description = "Tags of the role, beside application = ecr-share."
  type        = map(string)
  default     = {}
  nullable    = false
}
