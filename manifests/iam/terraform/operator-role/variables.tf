variable "role_name" {
  description = "EcrShareOperator is what ecr-share assumes without --role. Call a read-only role EcrShareReader."
  type        = string
  default     = "EcrShareOperator"

  validation {
    condition     = can(regex("^[A-Za-z0-9+=,.@_-]{1,64}$", var.role_name))
    error_message = "Must be an IAM role name without a path."
  }
}

variable "trusted_principal_arns" {
  description = "Who may assume the role: the hub role, or the CI role. They must exist before this role does."
  type        = list(string)

  # A whole account ("…:root") would let each of its administrators in, and "*" everybody: neither is accepted.
  validation {
    condition = length(var.trusted_principal_arns) > 0 && alltrue([
      for arn in var.trusted_principal_arns :
      can(regex("^arn:[a-z-]+:iam::[0-9]{12}:(role|user)/[A-Za-z0-9+=,.@_/-]+$", arn))
    ])
    error_message = "Must be one or more ARNs of IAM roles or users."
  }
}

variable "external_id" {
  description = "Optional. A value that callers must name with --external-id; not a secret. See docs/iam.md."
  type        = string
  default     = null

  validation {
    condition     = var.external_id == null || can(regex("^[A-Za-z0-9_+=,.@:/-]{2,}$", var.external_id))
    error_message = "Must be at least 2 of the characters that sts:AssumeRole takes: letters, digits and _+=,.@:/-."
  }
}

variable "organization_id" {
  description = "Optional. The trusted principals must belong to this organization, too."
  type        = string
  default     = null

  validation {
    condition     = var.organization_id == null || can(regex("^o-[a-z0-9]{10,32}$", var.organization_id))
    error_message = "Must be an organization id, such as o-a1b2c3d4e5."
  }
}

variable "allow_writes" {
  description = "With false the role can plan, show access and run doctor, and can change nothing."
  type        = bool
  default     = true
  nullable    = false
}

variable "repository_prefix" {
  description = "The repositories whose policies the role may read and replace: the beginning of a name and \"*\"."
  type        = string
  default     = "*"

  # One "*" at the end: a wildcard in the middle is easily read wrongly.
  validation {
    condition     = can(regex("^[a-z0-9._/-]*[*]$", var.repository_prefix))
    error_message = "Must be the beginning of a repository name and \"*\" (base/*), or \"*\" alone."
  }
}

variable "permissions_boundary_arn" {
  description = "Optional. A permissions boundary; it must exist in the owner account."
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
  description = "Seconds. AWS ends a session that was opened from another role's session after 3600 in any case."
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
