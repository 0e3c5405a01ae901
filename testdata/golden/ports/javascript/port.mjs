// Judges a network in JavaScript by the golden vectors. Node.js 16 or later; Debian: nodejs.
//
// usage: node port.mjs ../../*.json
//
// Prints each verdict that is not a pass, and the number of each. The exit code is 1 if a test
// fails.

import {judgeAll, number, numbers, sum} from './judge.mjs'

const sigmoid = z => (z < 0 ? Math.exp(z) : 1) / (1 + Math.exp(-Math.abs(z)))

// Of z: a(1-a) is 0 once a has rounded to 1.
function sigmoidSlope(z) {
  const e = Math.exp(-Math.abs(z)) // never more than 1
  return e / ((1 + e) * (1 + e))
}

const softplus = z => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)))

// Each with its derivative, both functions of z; NaN is passed on.
const activations = {
  identity: [z => z, z => z === z ? 1 : z],
  sigmoid: [sigmoid, sigmoidSlope],
  tanh: [Math.tanh, z => 4 * sigmoidSlope(2 * z)],
  relu: [z => Math.max(z, 0), z => z > 0 ? 1 : z <= 0 ? 0 : z],
  softplus: [softplus, sigmoid],
}

const times = (t, v) => t === 0 ? 0 : t * v // nothing, also of infinity

// The summand of a loss, and its derivative by y.
const terms = {
  squared: (y, t) => [(y - t) ** 2 / 2, y - t],
  'cross-entropy': (y, t) => [
    -times(t, Math.log(y)) - times(1 - t, Math.log1p(-y)),
    t === 0 ? 1 / (1 - y) : t === 1 ? -1 / y : (y - t) / (y * (1 - y))],
  // log(1+e^y) - ty and sigma(y) - t, where y > 0 without the y and the 1 that may cancel.
  'logit-cross-entropy': (y, t) => [
    times(y > 0 ? 1 - t : -t, y) + Math.log1p(Math.exp(-Math.abs(y))),
    y > 0 ? (1 - t) - sigmoid(-y) : sigmoid(y) - t],
  none: (y, dy) => [dy * y, dy],
}

const softmax = 'softmax-cross-entropy'

// The loss of a sample, and its derivatives by the outputs y.
function sampleLoss(name, y, t) {
  if (name !== softmax) {
    const each = y.map((yj, j) => terms[name](yj, t[j]))
    return [sum(each.map(([v]) => v)), each.map(([, d]) => d)]
  }
  const most = Math.max(...y), top = y.indexOf(most), e = y.map(v => Math.exp(v - most))
  const others = sum(e.filter((_, j) => j !== top)) // the sum of e^y is e^top·(1 + others)
  return [
    sum(y.map((v, j) => t[j] * (Math.log1p(others) - (v - most)))),
    e.map((v, j) => sum(t) * (v / (1 + others)) - t[j])]
}

// W and b of each layer, where each is in theta: rows of W, and no b where a layer has none.
function unpack(net, theta) {
  let at = 0, fanIn = net.inputs
  return net.layers.map(({width, activation, bias}) => {
    const W = Array.from({length: width}, () => theta.subarray(at, at += fanIn))
    const b = bias ? theta.subarray(at, at += width) : null
    const [value, slope] = activations[activation]
    fanIn = width
    return {W, b, value, slope}
  })
}

function network(group, test) {
  const {net, loss: lossName} = group
  if (!(lossName in terms || lossName === softmax) ||
    !net.layers.every(layer => layer.activation in activations)) return undefined
  const theta = Float64Array.from(numbers(test.theta)), grad = new Float64Array(theta.length)
  const layers = unpack(net, theta), derivatives = unpack(net, grad)
  const x = numbers(test.x), t = numbers(lossName === 'none' ? test.dy : test.t)
  const c = group.reduction === 'mean' ? 1 / x.length : 1, l2 = number(group.l2)
  const [z, a, delta] = Array.from({length: 3}, () => layers.map(() => [])), dx = []

  let loss = 0
  x.forEach((sample, s) => {
    const input = l => l > 0 ? a[l - 1][s] : sample

    // Forward: z = Wa + b, and a = value(z) is what the next layer takes.
    layers.forEach(({W, b, value}, l) => {
      z[l][s] = W.map((row, j) => (b ? b[j] : 0) + sum(input(l).map((ak, k) => row[k] * ak)))
      a[l][s] = z[l][s].map(value)
    })
    const [sampled, dy] = sampleLoss(lossName, a[layers.length - 1][s], t[s])
    loss += c * sampled

    // Backward: delta = da slope(z), of which each weight gets the product with its input, and
    // what is below W'delta.
    let da = dy.map(d => c * d)
    for (let l = layers.length - 1; l >= 0; l--) {
      const {W, slope} = layers[l], {W: dW, b: db} = derivatives[l]
      const d = delta[l][s] = da.map((v, j) => v * slope(z[l][s][j]))
      d.forEach((dj, j) => input(l).forEach((ak, k) => dW[j][k] += dj * ak))
      if (db) d.forEach((dj, j) => db[j] += dj)
      da = input(l).map((_, k) => sum(d.map((dj, j) => dj * W[j][k])))
    }
    dx[s] = da
  })
  layers.forEach(({W}, l) => W.forEach((row, j) => row.forEach((w, k) => {
    loss += l2 / 2 * w * w
    derivatives[l].W[j][k] += l2 * w
  })))

  const rate = number(test.step.rate), after = theta.map((v, i) => v - rate * grad[i])
  const kept = unpack(net, theta)
  unpack(net, after).forEach(({W, b}, l) => {
    if (test.step.frozen.includes(`W${l}`)) W.forEach((row, j) => row.set(kept[l].W[j]))
    if (test.step.frozen.includes(`b${l}`)) b.set(kept[l].b)
  })
  return {z, a, loss, delta, grad, dx, after}
}

function scalar(name, argument, target) {
  const of = name.replace('-derivative', ''), which = name === of ? 0 : 1
  if (of in terms) return terms[of](argument, target)[which]
  if (of === 'log-sigmoid') return -softplus(-argument)
  return activations[of]?.[which](argument)
}

process.exitCode = judgeAll('JavaScript', network, scalar) ? 0 : 1
