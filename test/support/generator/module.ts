/**
 * The parts of a generated module outside of its bodies: the index spaces that bodies refer to, and the sections that
 * define them.
 */
import type { Dice } from "./dice.ts"
import type { Feature } from "./features.ts"
import { constantOf } from "./constants.ts"
import { TypeSection } from "./type_section.ts"
import {
  EXNREF,
  FUNC,
  type Reference,
  refTo,
  type TypeList,
  type Value,
  valueBytes,
} from "./types.ts"
import {
  data,
  dataCount,
  elements,
  END,
  exported,
  exports,
  functions,
  globals,
  i32,
  i64,
  imported,
  imports,
  memories,
  name,
  type Part,
  start,
  tables,
  tags,
  u,
  vec,
} from "../module_builder.ts"

export interface Table {
  readonly element: Reference
  readonly is64: boolean
  /** The constant expression that initializes it. */
  readonly filling: Part | undefined
}
export interface Memory {
  readonly is64: boolean
  readonly isShared: boolean
}
export interface Global {
  readonly type: Value
  readonly mutable: boolean
}

const [FUNCTION, TABLE, MEMORY, GLOBAL, TAG] = [0, 1, 2, 3, 4] as const
/** A segment's offset. */
const zero = (is64: boolean): Part => [is64 ? i64(0) : i32(0), END]

/** The index spaces of a generated module. */
export class ModuleShape {
  readonly dice: Dice
  readonly features: ReadonlySet<Feature>
  readonly typeSection: TypeSection
  readonly types: TypeList
  /** Type indices of functions, the imported ones first. */
  readonly functions: ReadonlyArray<number>
  /** Type indices of the functions that have bodies. */
  readonly defined: ReadonlyArray<number>
  readonly tables: ReadonlyArray<Table>
  readonly memories: ReadonlyArray<Memory>
  readonly globals: Array<Global> = []
  /** Type indices of tags. */
  readonly tags: ReadonlyArray<number>
  /** The types of element segments. */
  readonly elements: Array<Reference> = []
  readonly dataCount: number
  /** Functions that bodies may refer to. */
  readonly declared: ReadonlyArray<number>
  readonly #imported = { functions: 0, tables: 0, memories: 0, globals: 0, tags: 0 }
  readonly #globalEntries: Array<Part> = []
  readonly #elementEntries: Array<Part> = []

  constructor(dice: Dice, features: ReadonlySet<Feature>, bodies: number) {
    this.dice = dice
    this.features = features
    const section = new TypeSection(dice, features)
    this.typeSection = section
    this.types = section.list
    this.tags = this.#makeTags()
    const functionTypes = this.types.indicesOf("func")
    this.#imported.functions = dice.between(0, 3)
    this.functions = dice.times(
      this.#imported.functions + bodies,
      () => dice.pick(functionTypes),
    )
    this.defined = this.functions.slice(this.#imported.functions)
    this.declared = this.functions.map((_, index) => index).filter(() => dice.chance(60))
    this.#imported.tables = dice.chance(30) ? 1 : 0
    this.tables = dice.times(this.#imported.tables + dice.between(0, 3), (index) => {
      const table = this.#table()
      return index < this.#imported.tables ? { ...table, filling: undefined } : table
    })
    const isMulti = features.has("multi-memory")
    this.#imported.memories = dice.between(0, 1)
    const more = dice.between(0, isMulti ? 2 : 1 - this.#imported.memories)
    this.memories = dice.times(this.#imported.memories + more, () => ({
      is64: features.has("memory64") && dice.chance(40),
      isShared: features.has("threads") && dice.chance(30),
    }))
    this.dataCount = dice.between(0, 3)
    this.#makeGlobals()
    this.#makeElements()
  }

  /** Whether a table holds functions. */
  holdsFunctions(table: Table): boolean {
    return this.types.isHeapSub(table.element.heap, FUNC)
  }

  /** The sections before the code section. */
  before(): Part {
    const { dice } = this
    return [
      this.typeSection.bytes(),
      this.#imports(),
      functions(...this.defined.map((type) => u(type))),
      this.#own(this.tables, this.#imported.tables, tables, (table) => this.#tableEntry(table)),
      this.#own(this.memories, this.#imported.memories, memories, (memory) => this.#limits(memory)),
      this.#own(this.tags, this.#imported.tags, tags, (type) => [0, u(type)]),
      this.#globalEntries.length === 0 ? [] : globals(...this.#globalEntries),
      this.#exports(),
      this.#start(),
      this.#elementEntries.length === 0 ? [] : elements(...this.#elementEntries),
      // `memory.init`, `data.drop` and instructions on arrays need the data count.
      this.dataCount > 0 || dice.chance(50) ? dataCount(this.dataCount) : [],
    ]
  }

  /** The sections after the code section. */
  after(): Part {
    if (this.dataCount === 0) return []
    return data(...this.dice.times(this.dataCount, () => this.#dataEntry()))
  }

  #makeTags(): ReadonlyArray<number> {
    const { dice, features, typeSection } = this
    if (!features.has("exceptions") && !features.has("legacy-exceptions")) return []
    this.#imported.tags = dice.between(0, 1)
    return dice.times(this.#imported.tags + dice.between(1, 3), () => {
      const parameters = typeSection.values(3)
      // Blocks that a clause can jump to.
      typeSection.functionIndex([], parameters)
      if (features.has("exceptions")) typeSection.functionIndex([], [...parameters, EXNREF])
      return typeSection.functionIndex(parameters, [])
    })
  }

  #table(): Table {
    const { dice, features } = this
    const is64 = features.has("table64") && dice.chance(40)
    const element = dice.chance(45) ? refTo(FUNC, true) : this.typeSection.reference()
    const canBeFilled = features.has("function-references")
    const filling = canBeFilled && (!element.nullable || dice.chance(30))
      ? constantOf(this, element)
      : undefined
    // A table without an initializer is filled with null.
    const nullable = element.nullable || filling === undefined
    return { element: refTo(element.heap, nullable), is64, filling }
  }

  #makeGlobals(): void {
    const { dice } = this
    this.#imported.globals = dice.between(0, 2)
    for (let index = 0; index < this.#imported.globals; index++) {
      this.globals.push({ type: this.typeSection.value(), mutable: dice.chance(40) })
    }
    for (let rest = dice.between(0, 7); rest > 0; rest--) {
      const type = this.typeSection.value()
      const mutable = dice.chance(60)
      const value = constantOf(this, type)
      if (value === undefined) continue
      this.#globalEntries.push([this.#typeBytes(type, 10), mutable ? 1 : 0, value, END])
      this.globals.push({ type, mutable })
    }
  }

  /** A value type, at times in its long form. */
  #typeBytes(type: Value, percent: number): Part {
    return valueBytes(
      type,
      this.features.has("function-references") && this.dice.chance(percent),
    )
  }

  /** The segment that declares functions, and others of every form. */
  #makeElements(): void {
    const { dice } = this
    if (this.declared.length > 0) {
      this.elements.push(refTo(FUNC, !this.features.has("function-references")))
      this.#elementEntries.push([3, 0, vec(...this.declared.map((index) => u(index)))])
    }
    const rounds = dice.between(0, 4)
    for (let round = 0; round < rounds; round++) {
      const type = dice.chance(40) ? refTo(FUNC, true) : this.typeSection.reference()
      const entries = dice.times(dice.between(0, 3), () => constantOf(this, type))
      const values = vec(
        ...entries.flatMap((value): ReadonlyArray<Part> =>
          value === undefined ? [] : [[value, END]]
        ),
      )
      const index = dice.next(this.tables.length + 1)
      const table = this.tables[index]
      if (dice.chance(50) || table === undefined || !this.types.isSub(type, table.element)) {
        this.#elementEntries.push([dice.pick([5, 7]), this.#typeBytes(type, 80), values])
      } else if (index === 0 && type.heap === FUNC && type.nullable) {
        this.#elementEntries.push([4, zero(table.is64), values])
      } else {
        this.#elementEntries.push([6, u(index), zero(table.is64), valueBytes(type), values])
      }
      this.elements.push(type)
    }
  }

  #imports(): Part {
    const counts = this.#imported
    const own = <T>(list: ReadonlyArray<T>, count: number, kind: number, type: (item: T) => Part) =>
      list.slice(0, count).map((item) => imported("m", "f", kind, type(item)))
    const entries = [
      ...own(this.functions, counts.functions, FUNCTION, (type) => u(type)),
      ...own(this.tables, counts.tables, TABLE, (table) => this.#tableType(table)),
      ...own(this.memories, counts.memories, MEMORY, (memory) => this.#limits(memory)),
      ...own(
        this.globals,
        counts.globals,
        GLOBAL,
        ({ mutable, type }) => [valueBytes(type), mutable ? 1 : 0],
      ),
      ...own(this.tags, counts.tags, TAG, (type) => [0, u(type)]),
    ]
    return entries.length === 0 ? [] : imports(...entries)
  }

  /** A section of the entries that are not imported. */
  #own<T>(
    list: ReadonlyArray<T>,
    importedCount: number,
    section: (...entries: ReadonlyArray<Part>) => Part,
    entry: (item: T) => Part,
  ): Part {
    const own = list.slice(importedCount)
    return own.length === 0 ? [] : section(...own.map(entry))
  }

  #tableType({ element, is64 }: Table): Part {
    const hasMaximum = this.dice.chance(50)
    const flags = (is64 ? 4 : 0) | (hasMaximum ? 1 : 0)
    return [valueBytes(element), flags, 2, hasMaximum ? 20 : []]
  }

  #tableEntry(table: Table): Part {
    const type = this.#tableType(table)
    return table.filling === undefined ? type : [0x40, 0, type, table.filling, END]
  }

  #limits({ is64, isShared }: Memory): Part {
    const hasMaximum = isShared || this.dice.chance(50)
    const flags = (is64 ? 4 : 0) | (isShared ? 2 : 0) | (hasMaximum ? 1 : 0)
    return [flags, 1, hasMaximum ? 3 : []]
  }

  #exports(): Part {
    const { dice } = this
    const some = (list: ReadonlyArray<unknown>, kind: number): ReadonlyArray<Part> =>
      list.flatMap((_, index) =>
        dice.chance(30) ? [exported(`${kind}.${index}`, kind, u(index))] : []
      )
    const entries = [
      ...some(this.functions, FUNCTION),
      ...some(this.tables, TABLE),
      ...some(this.memories, MEMORY),
      ...some(this.globals, GLOBAL),
      ...some(this.tags, TAG),
    ]
    return entries.length === 0 ? [] : exports(...entries)
  }

  #start(): Part {
    const index = this.functions.findIndex((type) => {
      const { parameters, results } = this.types.function(type)
      return parameters.length === 0 && results.length === 0
    })
    return index >= 0 && this.dice.chance(30) ? start(u(index)) : []
  }

  #dataEntry(): Part {
    const { dice } = this
    const index = dice.next(Math.max(1, this.memories.length))
    const memory = this.memories[index]
    const content = name("abcdefghijklmnop".slice(0, dice.next(16)))
    if (memory === undefined || dice.chance(50)) return [1, content]
    if (index === 0 && dice.chance(50)) return [0, zero(memory.is64), content]
    return [2, u(index), zero(memory.is64), content]
  }
}
