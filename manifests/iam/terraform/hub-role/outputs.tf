output "role_arn" {
  description = "The hub role, for trusted_principal_arns of the operator role and for --via."
  value       = aws_iam_role.this.arn
}
