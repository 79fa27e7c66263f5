# The two documents as values, statement for statement those of ../../hub-role.yaml.
locals {
  description = "Assumes ${var.operator_role_name} in the owner accounts of ecr-share, and does nothing else."
  partition   = data.aws_partition.current.partition
  # The identity providers themselves are not made here: an account has one per issuer, for all its roles.
  providers = "arn:${local.partition}:iam::${data.aws_caller_identity.current.account_id}:oidc-provider"

  trust_policy = {
    Version = "2012-10-17"
    # JSON texts on the way, since the statements have different forms and a Terraform list wants one.
    Statement = [for statement in [
      length(var.trusted_principal_arns) == 0 ? "null" : jsonencode({
        Sid       = "TrustedPrincipals"
        Effect    = "Allow"
        Principal = { AWS = var.trusted_principal_arns }
        Action    = "sts:AssumeRole"
      }),
      length(var.github_subjects) == 0 ? "null" : jsonencode({
        Sid       = "GitHubActions"
        Effect    = "Allow"
        Principal = { Federated = "${local.providers}/token.actions.githubusercontent.com" }
        Action    = "sts:AssumeRoleWithWebIdentity"
        Condition = {
          StringEquals = {
            "token.actions.githubusercontent.com:aud" = var.oidc_audience
            "token.actions.githubusercontent.com:sub" = var.github_subjects
          }
        }
      }),
      length(var.gitlab_subjects) == 0 ? "null" : jsonencode({
        Sid       = "GitLab"
        Effect    = "Allow"
        Principal = { Federated = "${local.providers}/gitlab.com" }
        Action    = "sts:AssumeRoleWithWebIdentity"
        Condition = {
          StringEquals = { "gitlab.com:aud" = var.oidc_audience }
          StringLike   = { "gitlab.com:sub" = var.gitlab_subjects }
        }
      })
    ] : jsondecode(statement) if statement != "null"]
  }

  permissions = {
    Version = "2012-10-17"
    Statement = concat(
      [merge(
        {
          Sid      = "AssumeOperatorRoles"
          Effect   = "Allow"
          Action   = "sts:AssumeRole"
          Resource = "arn:${local.partition}:iam::*:role/${var.operator_role_name}"
        },
        { for id in var.organization_id[*] : "Condition" => { StringEquals = { "aws:ResourceOrgID" = id } } }
      )],
      [for statement in [{
        Sid    = "ReadOrganization"
        Effect = "Allow"
        Action = [
          "organizations:DescribeOrganization",
          "organizations:ListAccounts",
          "organizations:ListAccountsForParent",
          "organizations:ListOrganizationalUnitsForParent",
        ]
        # The first two know no resource; the others only walk down from the OUs that a matrix names.
        Resource = "*"
      }] : statement if var.allow_organization_reads]
    )
  }
}
