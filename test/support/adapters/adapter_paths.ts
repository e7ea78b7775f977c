/** The files of packages that the tests of adapters read. */
export const paths = {
  sqlGlue: "sql.js/dist/sql-wasm.js",
  sql: "sql.js/dist/sql-wasm.wasm",
  kernel: "@jsquash/resize/lib/magic-kernel/pkg/jsquash_magic_kernel_bg.wasm",
  goGlue: "sh-syntax/vendors/wasm_exec.cjs",
  sh: "sh-syntax/main.wasm",
  sitter: "web-tree-sitter/web-tree-sitter.wasm",
} as const
