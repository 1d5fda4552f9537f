import { Component, type ReactNode } from 'react';
import { text } from '../texts/en.ts';
import { Problem } from './Problem.tsx';

interface Props {
  /** What `Try again` does; without it there is no such button. */
  onRetry: (() => void) | undefined;
  children: ReactNode;
}

/** Shows what happened instead of a blank page. */
export class ErrorBoundary extends Component<Props, { error: Error | undefined }> {
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
        {...(this.props.onRetry === undefined ? {} : { onRetry: this.props.onRetry })}
      />
    );
  }
}
