// A name server that says what a journey wants.
import { createSocket } from 'node:dgram'
import dns from 'dns-packet'

/** Answers TXT queries on a free port; `publish(name, text)` lets a name have a record. */
export async function startNameServer() {
  const records = new Map()
  const socket = createSocket('udp4')
  socket.on('message', (message, from) => {
    const query = dns.decode(message)
    const [question] = query.questions
    const text = question.type === 'TXT' && records.get(question.name.toLowerCase())
    const answer = {
      type: 'response',
      id: query.id,
      flags: dns.RECURSION_DESIRED | dns.RECURSION_AVAILABLE | (text ? 0 : 3),
      questions: query.questions,
      answers: text ? [{ type: 'TXT', name: question.name, ttl: 1, data: [text] }] : [],
    }
    socket.send(dns.encode(answer), from.port, from.address)
  })
  await new Promise((resolve) => socket.bind(0, '127.0.0.1', resolve))
  return {
    address: `127.0.0.1:${socket.address().port}`,
    publish: (name, text) => records.set(name, text),
    stop: () => socket.close(),
  }
}
