use super::*;
pub fn expr<'t>(_: Node<'t>, _: &Scope<'t>) -> Expr<'t> {
    Expr::Absent
}
pub fn is_configuration(_: Node) -> bool {
    false
}
pub fn read<'t>(c: &[&'t Document<'t>], _v: &[&'t Document<'t>]) -> Template<'t> {
    Template::new(Dialect::Terraform, c.to_vec())
}
