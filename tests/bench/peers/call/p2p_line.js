// The line between the two pages of a direct call.

export function openLine(onMessage) {
  const socket = new WebSocket(`ws://${location.host}/line`);
  socket.onmessage = (event) => onMessage(JSON.parse(event.data));
  const opened = new Promise((resolve) => (socket.onopen = resolve));
  return { opened, say: (message) => socket.send(JSON.stringify(message)) };
}
