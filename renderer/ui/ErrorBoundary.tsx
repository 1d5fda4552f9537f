import { Component, type ReactNode } from 'react';
import { text } from '../texts/en.ts';
import { Problem } from './Problem.tsx';

/** Shows what happened instead of a blank page; `Try again` renders the children anew. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: Error | undefined }> {
  override state: { error: Error | undefined } = { error: undefined };

  static getDerivedStateFromError(thrown: unknown): { error: Error } {
    return { error: thrown instanceof Error ? thrown : new Error(String(thrown)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <Problem
        title={text.problem.view}
        what={text.problem.viewAction}
        detail={error.message}
        onRetry={() => this.setState({ error: undefined })}
      />
    );
  }
}
