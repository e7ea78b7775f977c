/**
 * The exact messages: one for each of the invalid modules, with full validation, the same on every engine.
 */
import assert from "node:assert/strict"
import { test } from "node:test"
import { compileStreaming } from "../../mod.ts"
import { messageCases } from "../support/message_cases.ts"

// deno-fmt-ignore
const messages: Readonly<Record<string, string>> = {
  "a page": "The data is not a WebAssembly module: it is an HTML page (\"<!doctype html><html><title>Not found</title>\"). Check the path",
  "JSON": "The data is not a WebAssembly module: it is JSON ('{\"message\":\"not found\"}'). Read what it says, and check the path: it is a message or data, not the file",
  "gzip": "The data is not a WebAssembly module: it is data compressed with gzip (it begins with 1f 8b). Decompress it first, or let a server send it with Content-Encoding: gzip",
  "a component": "The data is a WebAssembly component, not a core module (its version field is 0d 00 01 00). Transpile it with jco, or extract its core module",
  "nothing": "The data is empty (0 bytes). Check the size of the file, and that the server or a proxy sends its body",
  "a module cut short": "The data is cut short: it ends after 26 bytes; the code section is incomplete. Load it again; if that does not help, compare its size with the file that was built",
  "a module and a newline": "The data is a complete module that ends at byte 30; 1 extra byte follows: white space (\"\\n\"). Write the file as bytes: an editor, a template or a print statement added a line end",
  "a byte order mark": "The data has a UTF-8 byte order mark (ef bb bf) before the module. Write the file as bytes: a tool saved it as text, and may have changed more than its beginning",
  "an unknown section": "The data is not a valid WebAssembly module: Unknown section id 0x1f, at 0x8",
  "a section twice": "The data is not a valid WebAssembly module: There is a second type section, at 0xb",
  "sections out of order": "The data is not a valid WebAssembly module: The type section must not follow the function section, at 0xb",
  "a section with bytes left": "The data is not a valid WebAssembly module: The section has 1 byte left after its last entry, at 0xb, in the type section",
  "two functions, one body": "The data is not a valid WebAssembly module: The function section declares 2 functions, but the code section has 1 body, at 0x1b",
  "functions without code": "The data is cut short: it ends after 25 bytes; the code section is incomplete. Load it again; if that does not help, compare its size with the file that was built",
  "a type that is not there": "The data is not a valid WebAssembly module: There is no type 7: the number of types is 1, at 0x11, in function 0, in the function section",
  "an export twice": "The data is not a valid WebAssembly module: Another export has the same name, at 0x1f (\"a\"), in the export section",
  "an export of nothing": "The data is not a valid WebAssembly module: There is no function 5: the module has 1 function, at 0x1e, in the export section",
  "a name that is not UTF-8": "The data is not a valid WebAssembly module: The module name is not valid UTF-8, at 0x12, in import 0, in the import section",
  "an unknown value type": "The data is not a valid WebAssembly module: Unknown value type 0x40, at 0xd, in type 0, in the type section",
  "too many parameters": "The data is not a valid WebAssembly module: 1001 parameters exceed the maximum of 1000, at 0xc, in type 0, in the type section",
  "a number too long": "The data is not a valid WebAssembly module: An integer (LEB128) has too many bytes, at 0xd, in type 0, in the type section",
  "a memory too large": "The data is not a valid WebAssembly module: A memory size of 65537 pages exceeds the maximum of 65536 (4 GiB), at 0xc, in memory 0, in the memory section",
  "a minimum above the maximum": "The data is not a valid WebAssembly module: The minimum size 3 exceeds the maximum 2, at 0xb, in memory 0, in the memory section",
  "a start function with parameters": "The data is not a valid WebAssembly module: The start function 0 must have no parameters and no results, at 0x1a, in the start section",
  "too many locals": "The data is not a valid WebAssembly module: 50001 locals and parameters exceed the maximum of 50000, at 0x27, in function 0 \"main\"",
  "a global that is not constant": "The data is not a valid WebAssembly module: Instruction 0x20 is not allowed in a constant expression, at 0xd, in global 0, in the global section",
  "operands of different types": "The data is not a valid WebAssembly module: i32.add expects i32 but found f64 (pushed by f64.const at 0x2b), at 0x34, in function 0 \"render\", instruction 3 of the body",
  "an operand is missing": "The data is not a valid WebAssembly module: i32.add expects i32 but the stack of its block is empty, at 0x29, in function 0 \"render\", instruction 1 of the body",
  "no result": "The data is not a valid WebAssembly module: end expects i32 but the stack of its block is empty, at 0x29, in function 0 \"render\", instruction 1 of the body",
  "a value too many": "The data is not a valid WebAssembly module: end leaves 1 extra value on the stack of its block, at 0x2d, in function 0 \"render\", instruction 3 of the body",
  "an unknown local": "The data is not a valid WebAssembly module: local.get uses local 7, but the function has 2 locals, at 0x29, in function 0 \"render\", instruction 1 of the body",
  "an unknown function": "The data is not a valid WebAssembly module: call uses function 9, but the module has 1 function, at 0x29, in function 0 \"render\", instruction 1 of the body",
  "an unknown global": "The data is not a valid WebAssembly module: global.get uses global 4, but the module has 0 globals, at 0x29, in function 0 \"render\", instruction 1 of the body",
  "an unknown label": "The data is not a valid WebAssembly module: br uses label 3, but the outermost label is 0, at 0x29, in function 0 \"render\", instruction 1 of the body",
  "no memory": "The data is not a valid WebAssembly module: i32.load uses memory 0, but the module has 0 memories, at 0x2b, in function 0 \"render\", instruction 2 of the body",
  "an alignment too large": "The data is not a valid WebAssembly module: i32.load allows an alignment of at most 4 bytes, found 8, at 0x24, in function 0, instruction 2 of the body",
  "an else without an if": "The data is not a valid WebAssembly module: else is not inside an if, at 0x29, in function 0 \"render\", instruction 1 of the body",
  "an if without else": "The data is not a valid WebAssembly module: end ends an if that has results but no else, at 0x2f, in function 0 \"render\", instruction 2 of the innermost block",
  "a body without end": "The data is not a valid WebAssembly module: The function body must end with end (0x0b), at 0x1e, in function 0",
  "an unknown instruction": "The data uses a feature that full validation does not know, or is corrupt: Unknown instruction 0x27, at 0x29, in function 0 \"render\", instruction 1 of the body. Use validation: \"structure\" if this engine supports it",
  "br_table with different labels": "The data is not a valid WebAssembly module: br_table has labels with different numbers of operands: label 0 takes 0, the default label 1, at 0x2f, in function 0 \"render\", instruction 2 of the innermost block",
  "a tail call to other results": "The data is not a valid WebAssembly module: return_call calls a function that returns [], but the caller returns [i32], at 0x1e, in function 0, instruction 1 of the body",
  "a function with a name of its own": "The data is not a valid WebAssembly module: i32.add expects i32 but the stack of its block is empty, at 0x1d, in function 0 \"secret\", instruction 1 of the body",
  "more functions than bytes": "The data is not a valid WebAssembly module: 4294967295 functions exceed the maximum of 1000000, at 0x10, in the function section",
  "more types than there may be": "The data is not a valid WebAssembly module: 1000001 recursion groups exceed the maximum of 1000000, at 0xa, in the type section",
  "a count of segments that is wrong": "The data is not a valid WebAssembly module: The data count section declares 3, but the data section has 1 segment, at 0x12",
}

test("each faulty module has its message", () => {
  assert.deepEqual(messageCases.map(({ name }) => name), Object.keys(messages))
})

for (const { bytes, name } of messageCases) {
  test(`the message of ${name}`, async () => {
    const response = new Response(bytes, { headers: { "content-type": "application/wasm" } })
    const error: unknown = await compileStreaming(response, { validation: "full" }).then(
      () => assert.fail("It was compiled"),
      (error) => error,
    )
    assert.ok(error instanceof WebAssembly.CompileError)
    assert.equal(error.message, messages[name])
  })
}
