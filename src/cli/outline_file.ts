/**
 * The fast way to the outline of a file: it is read and decoded piece by piece in two buffers, in little more time than
 * reading takes. No errors are reported here: if anything is wrong, the caller loads the file the usual way.
 *
 * @module
 */
import * as FileSystem from "node:fs/promises"
import { ModuleDecoder } from "../binary/decoder.ts"
import { DecodeError } from "../binary/errors.ts"
import { type ModuleOutline, ModuleOutlineBuilder } from "../binary/report/outline.ts"

/** The number of bytes read at once. */
const pieceSize = 1_048_576

/** Decodes one piece while the next one is read. */
const decodeAll = async (file: FileSystem.FileHandle, decoder: ModuleDecoder): Promise<void> => {
  const read = (piece: Uint8Array) => file.read(piece, 0, pieceSize)
  let next = read(new Uint8Array(pieceSize))
  let spare: Uint8Array = new Uint8Array(pieceSize)
  try {
    for (;;) {
      const { buffer, bytesRead } = await next
      if (bytesRead === 0) return decoder.finish()
      next = read(spare)
      decoder.push(bytesRead === pieceSize ? buffer : buffer.subarray(0, bytesRead))
      spare = buffer
    }
  } finally {
    // The caller closes the file, which must not happen during a read.
    await next.catch(() => {})
  }
}

/**
 * Decodes a file and returns its outline.
 *
 * @param path where it is
 * @param mostFunctions the most functions to list, the largest ones
 * @returns `undefined` if it is not a regular file, or the decoder cannot decode all of it
 */
export const outlineOfFile = async (
  path: string,
  mostFunctions: number,
): Promise<ModuleOutline | undefined> => {
  const stats = await FileSystem.stat(path).catch(() => undefined)
  // A pipe can be read once, and a device may have no end.
  if (stats?.isFile() !== true) return undefined
  const file = await FileSystem.open(path).catch(() => undefined)
  if (file === undefined) return undefined
  const builder = new ModuleOutlineBuilder()
  const decoder = new ModuleDecoder({ sink: builder, unknown: "defer" })
  try {
    await decodeAll(file, decoder)
    return decoder.unknown === undefined ? builder.outline(decoder, mostFunctions) : undefined
  } catch (error) {
    if (error instanceof DecodeError || Reflect.has(Object(error), "code")) return undefined
    throw error
  } finally {
    await file.close()
  }
}
