/** A configuration that cannot be used: the CLI prints the message and exits with code 2. Never holds a secret's value. */
export class ConfigError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConfigError';
  }
}
