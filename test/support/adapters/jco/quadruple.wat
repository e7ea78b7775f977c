(component
  (core module $double
    (func (export "double") (param i32) (result i32) local.get 0 i32.const 2 i32.mul))
  (core module $main
    (import "parts" "double" (func $double (param i32) (result i32)))
    (func (export "quadruple") (param i32) (result i32) local.get 0 call $double call $double))
  (core instance $parts (instantiate $double))
  (core instance $whole (instantiate $main (with "parts" (instance $parts))))
  (func (export "quadruple") (param "value" u32) (result u32)
    (canon lift (core func $whole "quadruple"))))
