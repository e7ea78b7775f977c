/**
 * Shared loads: concurrent callers of one key wait for the same load, which is interrupted when the last one leaves.
 *
 * @module
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"

/** A load, and the state that its callers share. */
export interface Begun<A, E, S> {
  readonly load: Effect.Effect<A, E>
  readonly state: S
}

interface Shared<A, E, S> extends Begun<A, E, S> {
  readonly done: Deferred.Deferred<A, E>
  fiber: Fiber.Fiber<boolean> | undefined
  waiting: number
}

/** Loads in progress by their keys. */
export class SharedLoads<A, E, S> {
  readonly #loads = new Map<string, Shared<A, E, S>>()

  /**
   * Joins the load of a key, or begins one.
   *
   * @param key identifies the load
   * @param begin makes the load
   * @param wait how this caller waits for it
   */
  join<A2, E2>(
    key: string,
    begin: () => Begun<A, E, S>,
    wait: (done: Effect.Effect<A, E>, state: S) => Effect.Effect<A2, E2>,
  ): Effect.Effect<A2, E2> {
    return Effect.uninterruptibleMask((restore) =>
      Effect.suspend(() => {
        const running = this.#loads.get(key)
        const shared = running ?? this.#add(key, begin())
        shared.waiting++
        return Effect.andThen(
          running === undefined ? this.#start(key, shared) : Effect.void,
          Effect.ensuring(
            restore(wait(Deferred.await(shared.done), shared.state)),
            this.#leave(key, shared),
          ),
        )
      })
    )
  }

  /** Synchronous with the lookup, so that no other caller begins the same load. */
  #add(key: string, begun: Begun<A, E, S>): Shared<A, E, S> {
    const done = Deferred.makeUnsafe<A, E>()
    const shared = { ...begun, done, fiber: undefined, waiting: 0 }
    this.#loads.set(key, shared)
    return shared
  }

  #start(key: string, shared: Shared<A, E, S>): Effect.Effect<void> {
    const { done, load } = shared
    const forgotten = Effect.ensuring(
      Effect.interruptible(load),
      Effect.sync(() => this.#forget(key, shared)),
    )
    return Effect.map(
      Effect.forkDetach(Deferred.into(forgotten, done)),
      (fiber) => void (shared.fiber = fiber),
    )
  }

  /** Removes a load that ended or was abandoned: the next caller begins another. */
  #forget(key: string, shared: Shared<A, E, S>): void {
    if (this.#loads.get(key) === shared) this.#loads.delete(key)
  }

  #leave(key: string, shared: Shared<A, E, S>): Effect.Effect<void> {
    return Effect.suspend(() => {
      if (--shared.waiting > 0) return Effect.void
      this.#forget(key, shared)
      return shared.fiber === undefined ? Effect.void : Fiber.interrupt(shared.fiber)
    })
  }
}
