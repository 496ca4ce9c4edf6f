// What each problem of the server means, in plain words, and what to do. The codes are those of src/base/error.cpp;
// a test compares the two.

export interface ProblemText {
  title: string;
  means: string;
  advice: string;
}

export const problems: Readonly<Record<string, ProblemText>> = {
  invalid: {
    title: 'The request is not valid',
    means: 'Something in the request is missing, too long, or not of the kind it should be.',
    advice: 'The answer names each field that is wrong. Mend those, and send it again.',
  },
  unauthorized: {
    title: 'Log in first',
    means:
      'This needs an account, and nobody is logged in: the session or token has ended, or there was none.',
    advice: 'Log in again. A program sends an access token as “Authorization: Bearer …”.',
  },
  forbidden: {
    title: 'Not allowed',
    means:
      'You are known to the server, but this is not yours to do; or a page of another site asked for it.',
    advice: 'Ask the owner of the video, or whoever runs this server.',
  },
  'not-found': {
    title: 'Not found',
    means: 'There is nothing at this address. It may have been deleted, or be somebody’s private video.',
    advice: 'Check the address. Whoever gave it to you may have a newer one.',
  },
  'method-not-allowed': {
    title: 'Method not allowed',
    means: 'The address is right, but it does not take this kind of request.',
    advice: 'The answer’s Allow field names the methods it takes.',
  },
  conflict: {
    title: 'Conflict with the present state',
    means:
      'What was asked for does not go together with how things are now: a name is taken, or it was changed meanwhile.',
    advice: 'Load the page again, look at what is there now, and decide anew.',
  },
  'length-required': {
    title: 'Length required',
    means: 'The request has a body but does not say how long it is.',
    advice: 'Send a Content-Length field, or the body in chunks where the address takes them.',
  },
  'precondition-failed': {
    title: 'Precondition failed',
    means: 'The request was to be done only if nothing had changed, and something has.',
    advice: 'Fetch it again, and repeat the change on what it is now.',
  },
  'too-large': {
    title: 'Too large',
    means: 'The file, its picture or the request is larger than this server accepts.',
    advice: 'Make it smaller, or ask whoever runs this server to raise the limit that the message names.',
  },
  'uri-too-long': {
    title: 'Address too long',
    means: 'The address of the request is longer than any that this server has.',
    advice: 'Ask for fewer things at once.',
  },
  'unsupported-type': {
    title: 'Content type not supported',
    means: 'The body of the request is of a type that this address does not take.',
    advice: 'Send the type that the documentation names, most often application/json.',
  },
  'range-not-satisfiable': {
    title: 'Range not satisfiable',
    means: 'A part of a file was asked for that lies beyond its end.',
    advice: 'Ask for a part that exists; the answer says how long the file is.',
  },
  'headers-too-large': {
    title: 'Header fields too large',
    means: 'The fields before the body of the request take more room than this server gives them.',
    advice: 'A browser may hold too many cookies for this site: delete them, and try again.',
  },
  'rate-limited': {
    title: 'Too many requests',
    means: 'More requests came from you than this server answers in so short a time.',
    advice: 'Wait as many seconds as the Retry-After field says, then go on more slowly.',
  },
  'not-media': {
    title: 'Not a video or sound file',
    means: 'The file holds no picture and no sound that can be played, whatever its name says.',
    advice: 'Play it on your own computer. If it plays there, save it as MP4 or MKV and upload that.',
  },
  damaged: {
    title: 'The file is damaged',
    means:
      'It is a video, but too much of it is missing or cannot be read. It was perhaps cut off when it was copied.',
    advice: 'Copy it again from where it came, check that it plays to its end, and upload it once more.',
  },
  'too-long': {
    title: 'Too long',
    means: 'The video plays longer than this server accepts.',
    advice: 'Cut it into parts, or ask whoever runs this server to raise the limit.',
  },
  'codec-unsupported': {
    title: 'The codec cannot be decoded',
    means: 'Picture or sound were packed in a way that this server cannot unpack.',
    advice: 'Save it with a common codec, such as H.264 with AAC sound in an MP4 file, and upload that.',
  },
  encrypted: {
    title: 'The file is encrypted',
    means: 'Its content is locked, as that of bought films is.',
    advice: 'Upload a copy without protection, if you may have one.',
  },
  'no-space': {
    title: 'No space left',
    means: 'The server’s storage is full, or what is left is kept for uploads that have begun.',
    advice: 'Ask whoever runs this server to make room, then try again.',
  },
  timeout: {
    title: 'Took too long',
    means: 'The work was given up because it took more time than it may.',
    advice: 'Try again. If it happens each time, tell whoever runs this server which file it was.',
  },
  cancelled: {
    title: 'Cancelled',
    means: 'Somebody stopped it before it was done.',
    advice: 'Start it again if that was not meant.',
  },
  unavailable: {
    title: 'Not available right now',
    means: 'The server has too much to do, or a part that it needs does not answer.',
    advice: 'Try again in some seconds; the Retry-After field says in how many.',
  },
  'not-implemented': {
    title: 'Not supported',
    means: 'The server understands what is asked for, but cannot do it.',
    advice: 'The documentation of the API says what it can do.',
  },
  internal: {
    title: 'Something failed inside',
    means: 'The server met something that nobody expected. It is not your fault.',
    advice:
      'Try again. If it happens again, tell whoever runs this server the number of the request (“instance”).',
  },
};
