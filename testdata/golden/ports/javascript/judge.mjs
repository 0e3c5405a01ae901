// Reads the golden vectors, and judges what a network computes for them. See ../../README.md.

import {readFileSync} from 'node:fs'

// A hexadecimal literal, such as "-0x1.8p-3", is exactly one number.
export function number(text) {
  if (/^-?inf$/.test(text)) return text[0] === '-' ? -Infinity : Infinity
  if (text === 'nan') return NaN
  const [, sign, whole, part = '', exponent] =
    /^(-?)0x([01])(?:\.([0-9a-f]+))?p([+-]\d+)$/.exec(text)
  const size = parseInt(whole + part, 16) * 2 ** (exponent - 4 * part.length)
  return sign ? -size : size
}

export const sum = values => values.reduce((a, b) => a + b, 0)

export const numbers = values => Array.isArray(values) ? values.map(numbers) : number(values)

// Exact arithmetic: a rational is [n, d], two BigInt with d > 0.

function ofDecimal(text) {
  const [, sign, whole, part = '', exponent = 0] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(text)
  const digits = BigInt(sign + whole + part), shift = exponent - part.length
  return shift < 0 ? [digits, 10n ** BigInt(-shift)] : [digits * 10n ** BigInt(shift), 1n]
}

function ofNumber(v) {
  let d = 1n
  while (!Number.isInteger(v)) {
    v *= 2 ** 53 // exact, for a number with a fraction is not large
    d <<= 53n
  }
  return [BigInt(v), d]
}

const abs = ([n, d]) => [n < 0n ? -n : n, d]
const plus = ([n, d], [m, e]) => [n * e + m * d, d * e]
const minus = (q, [n, d]) => plus(q, [-n, d])
const times = ([n, d], [m, e]) => [n * m, d * e]
const less = ([n, d], [m, e]) => n * e < m * d

const unit = [1n, 1n << 53n], normal = [1n, 1n << 1022n], zero = [0n, 1n]

// What is compared, in the order of its computation: name, got, exact, scale.
function* results(net, got, test) {
  const compare = (name, part) => [name, ...[got, test.exact, test.scale].map(part)]
  const layers = [...net.layers.keys()]
  for (const l of layers) {
    yield compare(`z${l}`, c => c.z[l].flat())
    yield compare(`a${l}`, c => c.a[l].flat())
  }
  yield compare('loss', c => [c.loss])
  for (const l of layers.reverse()) yield compare(`delta${l}`, c => c.delta[l].flat())
  let end = got.grad.length
  for (const l of layers) { // from the last on
    const {width, bias} = net.layers[l], fanIn = l > 0 ? net.layers[l - 1].width : net.inputs
    const b = bias ? end - width : end, W = b - width * fanIn
    if (bias) yield compare(`b${l}`, c => c.grad.slice(b, end))
    yield compare(`W${l}`, c => c.grad.slice(W, b))
    end = W
  }
  yield compare('dx', c => c.dx.flat())
  yield ['after', got.after, test.step.theta, test.scale.step.theta]
}

// The verdict on a network, and why it is not a pass.
//
// A number may be off by 2^-53 scale, and by underflow if there is something to lose. If that is
// as much as the value, for all entries of a block, then zeros would pass as well, and the verdict
// is inconclusive. The first block that fails is named, with the index of an entry.
function judge(net, got, test) {
  let verdict = ['pass', '']
  for (const [name, values, exacts, scales] of results(net, got, test)) {
    if (values.length !== exacts.length)
      return ['fail', `${name} has ${values.length} values, not ${exacts.length}`]
    let decides = false
    for (const [i, text] of exacts.entries()) {
      const exact = ofDecimal(text)
      const allowed = plus(times(ofDecimal(scales[i]), unit), text === '0' ? zero : normal)
      if (!Number.isFinite(values[i]) || less(allowed, abs(minus(ofNumber(values[i]), exact))))
        return ['fail', `${name}[${i}] is ${values[i]}, not ${text}`]
      decides ||= less(allowed, abs(exact)) || allowed[0] === 0n
    }
    if (!decides && verdict[0] === 'pass') verdict = ['inconclusive', `zeros would pass as ${name}`]
  }
  return verdict
}

// The distance from a number to the next larger one.
const ulp = v => 2 ** Math.max(Math.floor(Math.log2(Math.abs(v))) - 52, -1074)

// The verdict on the value of a function, and why it is not a pass: 4 ulp are allowed. sigma(z) - t
// cancels, so that there 4 ulp of t are, unless t is 0 or 1, where it need not.
function judgeScalar(name, got, test) {
  const nearest = number(test.nearest), t = test.t ? number(test.t) : 0
  const soft = name === 'logit-cross-entropy-derivative' && t > 0 && t < 1
  const allowed = 4 * Math.max(ulp(nearest), soft ? ulp(t) : 0)
  if (got === nearest || Number.isNaN(got) && Number.isNaN(nearest)) return ['pass', '']
  if (Number.isFinite(nearest) && Math.abs(got - nearest) <= allowed) return ['pass', '']
  return ['fail', `is ${got}, not ${nearest}`]
}

function judgeTest(group, test, network, scalar) {
  if (group.kind === 'network') {
    const got = network(group, test)
    if (got) return judge(group.net, got, test)
  } else if (group.kind === 'scalar') {
    const [argument, target] = ['y', 'z', 't'].filter(k => k in test).map(k => number(test[k]))
    const got = scalar(group.function, argument, target)
    if (got !== undefined) return judgeScalar(group.function, got, test)
  }
  return ['skipped', '']
}

// Judges the vectors in the files of the command line, and prints what is not a pass.
//
// network(group, test) returns z, a and delta, arrays with an array of rows for each layer; dx, an
// array of rows; grad and after, which are flat; and loss, a number. scalar(function, argument,
// target) returns a value, and has no target where there is none. Both return undefined for what
// they do not have. Returned is whether nothing failed.
export function judgeAll(title, network, scalar) {
  const files = process.argv.slice(2), counts = {}
  if (files.length === 0) {
    console.error('usage: node port.mjs FILE.json...')
    process.exit(2)
  }
  for (const file of files) {
    for (const group of JSON.parse(readFileSync(file, 'utf8')).groups) {
      const count = counts[group.kind] ??= {pass: 0, inconclusive: 0, fail: 0, skipped: 0}
      for (const test of group.tests) {
        const [verdict, why] = judgeTest(group, test, network, scalar)
        count[verdict]++
        if (why) console.log(`${verdict.toUpperCase()} ${test.id}: ${why}`)
      }
    }
  }
  for (const [kind, count] of Object.entries(counts)) {
    const words = Object.entries(count).map(([verdict, n]) => `${n} ${verdict}`).join(', ')
    console.log(`${title}: ${sum(Object.values(count))} ${kind} tests: ${words}`)
  }
  const all = verdict => sum(Object.values(counts).map(count => count[verdict]))
  return all('fail') === 0 && all('pass') > 0
}
